import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { errorCode } from '@sluice/kafka/protocol'
import { readBatches } from '@sluice/kafka/records'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedBroker } from '../src/index.ts'
import { batchOf } from './support/batches.ts'
import { startBrokerProcess, type BrokerProcess } from './support/broker-process.ts'
import { commitRequest, fetchRequest, produceRequest } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let dir: string
const running: BrokerProcess[] = []
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sluice-broker-'))
})
afterEach(async () => {
  for (const broker of running.splice(0)) await broker.kill()
  rmSync(dir, { recursive: true, force: true })
})

async function start(...args: Parameters<typeof startBrokerProcess>): Promise<BrokerProcess> {
  const broker = await startBrokerProcess(...args)
  running.push(broker)
  return broker
}

async function values(client: WireClient, topic: string): Promise<string[]> {
  const found: string[] = []
  for (;;) {
    const { responses } = await client.call('Fetch', 11, fetchRequest(topic, 0, found.length))
    const batches = readBatches(responses[0]!.partitions[0]!.records!)
    if (batches.length === 0) return found
    for (const batch of batches)
      for (let i = 0; i < batch.count; i++) if (batch.offset(i) >= found.length) found.push(batch.value(i)!.toString())
  }
}

describe('a broker that is killed', () => {
  it('has everything that it acknowledged when it is back, in order and once, at the same address', async () => {
    const acknowledged: string[] = []
    let port = 0
    for (let round = 0; round < 4; round++) {
      const broker = await start(['--port', String(port), '--data-dir', dir])
      port = broker.port
      const client = await WireClient.open(port)
      await client.call('Metadata', 9, { topics: [{ name: 't' }] })
      const stored = await values(client, 't')
      // What was under way when the broker died may be there or not; what was acknowledged is.
      expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged)
      acknowledged.splice(0, Infinity, ...stored)
      const killed = 200 + round * 37
      for (let i = 0; i < killed + 20; i++) {
        const value = `${round}/${i} ü`
        if (i === killed) broker.child.kill('SIGKILL')
        const answer = await client.call('Produce', 9, produceRequest('t', 0, batchOf([value]))).catch(() => null)
        if (answer === null) break
        if (answer.responses[0]!.partitionResponses[0]!.errorCode === 0) acknowledged.push(value)
      }
      await broker.kill()
    }
    expect(acknowledged.length).toBeGreaterThan(900)
  })

  it('has the offsets, the topics and their settings, and the same identity', async () => {
    const first = await start(['--data-dir', dir])
    const client = await WireClient.open(first.port)
    const topic = {
      name: 't',
      numPartitions: 3,
      replicationFactor: 1,
      assignments: [],
      configs: [{ name: 'retention.ms', value: '7' }],
    }
    await client.call('CreateTopics', 7, { topics: [topic], validateOnly: false })
    await client.call('OffsetCommit', 8, commitRequest('g', 't', 2, 42))
    const before = await client.call('Metadata', 12, { topics: null })
    await first.kill()

    const second = await start(['--data-dir', dir])
    const again = await WireClient.open(second.port)
    const after = await again.call('Metadata', 12, { topics: null })
    expect(after.clusterId).toBe(before.clusterId)
    expect(after.topics[0]!.topicId).toBe(before.topics[0]!.topicId)
    expect(after.topics[0]!.partitions.map((p) => p.leaderEpoch)).toEqual([1, 1, 1])
    const { groups } = await again.call('OffsetFetch', 8, { groups: [{ groupId: 'g', topics: null }] })
    expect(groups[0]!.topics[0]!.partitions[0]).toMatchObject({ partitionIndex: 2, committedOffset: 42 })
    const { results } = await again.call('DescribeConfigs', 4, {
      resources: [{ resourceType: 2, resourceName: 't', configurationKeys: ['retention.ms'] }],
      includeSynonyms: false,
    })
    expect(results[0]!.configs[0]!.value).toBe('7')
  })

  it('lets the members of a group go on as if nothing had happened', async () => {
    const first = await start(['--data-dir', dir])
    const client = await WireClient.open(first.port)
    const join = { groupId: 'g', sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000, protocolType: 'consumer' }
    const protocols = [{ name: 'range', metadata: Buffer.from('m') }]
    await client.call('Metadata', 9, { topics: [{ name: 't' }] })
    const { memberId } = await client.call('JoinGroup', 7, { ...join, memberId: '', protocols })
    const { generationId } = await client.call('JoinGroup', 7, { ...join, memberId, protocols })
    const assignments = [{ memberId, assignment: Buffer.from('t 0') }]
    await client.call('SyncGroup', 4, { groupId: 'g', generationId, memberId, assignments })
    await first.kill()

    const second = await start(['--data-dir', dir])
    const again = await WireClient.open(second.port)
    expect((await again.call('Heartbeat', 3, { groupId: 'g', generationId, memberId })).errorCode).toBe(0)
    const commit = { ...commitRequest('g', 't', 0, 1), memberId, generationIdOrMemberEpoch: generationId }
    const { topics } = await again.call('OffsetCommit', 8, commit)
    expect(topics[0]!.partitions[0]!.errorCode).toBe(0)
    const sync = await again.call('SyncGroup', 4, { groupId: 'g', generationId, memberId, assignments: [] })
    expect(sync.assignment.toString()).toBe('t 0')
  })
})

describe('a broker process', () => {
  it('stops on SIGTERM with exit code 0', async () => {
    const broker = await start(['--data-dir', dir])
    expect(await broker.stop()).toBe(0)
  })

  it('stops when the process that forked it lets go', async () => {
    const broker = await start(['--data-dir', dir], { ipc: true })
    broker.child.disconnect()
    await once(broker.child, 'exit')
    expect(broker.child.exitCode).toBe(0)
  })

  it('says in one sentence why it cannot start, and ends with 3', async () => {
    const first = await start(['--data-dir', dir])
    const main = path.join(import.meta.dirname, '../src/embedded-main.ts')
    const run = (...args: string[]): { readonly status: number | null; readonly stderr: string } =>
      spawnSync(process.execPath, ['--conditions=sluice-source', main, ...args], { encoding: 'utf8' })
    const taken = run('--port', String(first.port))
    expect([taken.status, taken.stderr]).toEqual([
      3,
      `Listening on 127.0.0.1:${first.port}: another process is using it. Stop that one, choose another port, or port 0 for any that is free.\n`,
    ])
    const locked = run('--data-dir', dir)
    expect([locked.status, locked.stderr]).toEqual([
      3,
      `Opening the data folder ${dir}: another broker (process ${first.child.pid}) is using it. Stop that one, or choose another folder.\n`,
    ])
    expect(run('--port', 'http')).toMatchObject({ status: 3, stderr: expect.stringContaining('--port http') })
    expect(run('--prot', '1').status).toBe(3)
  })
})

describe('a data folder', () => {
  it('that is a file, or holds something else, is refused, and nothing in it is touched', async () => {
    const file = path.join(dir, 'file')
    writeFileSync(file, 'mine')
    await expect(startEmbeddedBroker({ dataDir: file })).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' })
    writeFileSync(path.join(dir, 'broker.json'), '{"hello":1}')
    await expect(startEmbeddedBroker({ dataDir: dir })).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' })
  })

  it.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)('that cannot be written is named', async () => {
    chmodSync(dir, 0o500)
    await expect(startEmbeddedBroker({ dataDir: path.join(dir, 'x') })).rejects.toThrow(/data folder/)
    chmodSync(dir, 0o700)
  })

  it('is free again after a start that failed', async () => {
    const blocker = await startEmbeddedBroker()
    await expect(startEmbeddedBroker({ dataDir: dir, port: blocker.port })).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
    })
    await blocker.close()
    const broker = await startEmbeddedBroker({ dataDir: dir })
    await expect(startEmbeddedBroker({ dataDir: dir })).rejects.toMatchObject({ code: 'DATA_DIR_LOCKED' })
    await broker.close()
  })

  it.runIf(process.platform !== 'win32')(
    'that is full refuses writes, goes on being read, and is complained of once',
    async () => {
      // Files of at most 64 KiB (`ulimit -f` counts 512 or 1024 bytes): writing beyond that fails as on a full disk.
      const broker = await start(['--data-dir', dir], { through: 'ulimit -f 64' })
      const client = await WireClient.open(broker.port)
      await client.call('Metadata', 9, { topics: [{ name: 't' }, { name: 'small' }] })
      const acknowledged: string[] = []
      const codes: number[] = []
      for (let i = 0; i < 100; i++) {
        const value = `${i} ${'x'.repeat(1_500)}`
        const { responses } = await client.call('Produce', 9, produceRequest('t', 0, batchOf([value])))
        const { errorCode: code } = responses[0]!.partitionResponses[0]!
        codes.push(code)
        if (code === 0) acknowledged.push(value)
      }
      expect(new Set(codes)).toEqual(new Set([errorCode.NONE, errorCode.KAFKA_STORAGE_ERROR]))
      expect(await values(client, 't')).toEqual(acknowledged)
      const { responses } = await client.call('Produce', 9, produceRequest('small', 0, batchOf(['fits'])))
      expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
      expect(broker.errors().match(/cannot be written/g)).toHaveLength(1)
      await broker.kill()

      const again = await start(['--data-dir', dir])
      const reader = await WireClient.open(again.port)
      expect(await values(reader, 't')).toEqual(acknowledged)
      const more = await reader.call('Produce', 9, produceRequest('t', 0, batchOf(['now'])))
      expect(more.responses[0]!.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: acknowledged.length })
    },
  )
})
