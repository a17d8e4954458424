// kafkajs shares no code with this broker: what it understands was not merely encoded and decoded by the same mistake.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CompressionTypes, Kafka, logLevel, type Consumer, type KafkaMessage } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { startBrokerProcess, type BrokerProcess } from './support/broker-process.ts'

process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1'

function kafka(bootstrapServers: string): Kafka {
  return new Kafka({
    clientId: 'kafkajs',
    brokers: [bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 30 },
  })
}

interface Received {
  readonly partition: number
  readonly message: KafkaMessage
}

/** Starts the consumer and resolves `until` when so many messages have come. */
async function collect(
  consumer: Consumer,
  topic: string,
): Promise<{ readonly all: Received[]; until(count: number): Promise<void> }> {
  const all: Received[] = []
  let wake: () => void = () => {}
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: ({ partition, message }) => {
      all.push({ partition, message })
      wake()
      return Promise.resolve()
    },
  })
  return {
    all,
    until: async (count) => {
      while (all.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
  }
}

describe('kafkajs', () => {
  let broker: EmbeddedBroker
  let client: Kafka
  beforeAll(async () => {
    broker = await startEmbeddedBroker()
    client = kafka(broker.bootstrapServers)
  })
  afterAll(() => broker.close())

  it('administers topics', async () => {
    const admin = client.admin()
    await admin.connect()
    await admin.createTopics({
      topics: [{ topic: 'admin', numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '1000' }] }],
    })
    expect(await admin.listTopics()).toContain('admin')
    const { topics } = await admin.fetchTopicMetadata({ topics: ['admin'] })
    expect(topics[0]!.partitions.map((p) => [p.leader, p.isr])).toEqual([
      [1, [1]],
      [1, [1]],
      [1, [1]],
    ])
    await admin.createPartitions({ topicPartitions: [{ topic: 'admin', count: 4 }] })
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'admin', configNames: ['retention.ms'] }],
    })
    expect(resources[0]!.configEntries[0]).toMatchObject({ configName: 'retention.ms', configValue: '1000' })
    expect((await admin.fetchTopicOffsets('admin')).map((o) => o.offset)).toEqual(['0', '0', '0', '0'])
    expect(await admin.describeCluster()).toMatchObject({ clusterId: broker.clusterId, controller: 1 })
    await expect(
      admin.createTopics({ topics: [{ topic: 'bad', replicationFactor: 3 }], waitForLeaders: false }),
    ).rejects.toThrow()
    await admin.deleteTopics({ topics: ['admin'] })
    expect(await admin.listTopics()).not.toContain('admin')
    await admin.disconnect()
  })

  it('sends and receives keys, values, headers and timestamps, plain and compressed', async () => {
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const messages = Array.from({ length: 500 }, (_, i) => ({
      key: i % 3 === 0 ? null : `key ${i} ü`,
      value: i % 7 === 0 ? null : `value ${i} 日本`,
      headers: { first: `h${i}`, twice: ['a', 'b'], bytes: Buffer.from([0, 255]) },
      timestamp: String(1_700_000_000_000 + i * 86_400_000),
      partition: 0,
    }))
    await producer.send({ topic: 'records', messages: messages.slice(0, 250) })
    await producer.send({ topic: 'records', messages: messages.slice(250), compression: CompressionTypes.GZIP })
    await producer.disconnect()

    const consumer = client.consumer({ groupId: 'records-readers' })
    const received = await collect(consumer, 'records')
    await received.until(500)
    await consumer.disconnect()
    expect(
      received.all.map(({ message: m }) => [m.offset, m.key?.toString(), m.value?.toString(), m.timestamp]),
    ).toEqual(messages.map((m, i) => [String(i), m.key ?? undefined, m.value ?? undefined, m.timestamp]))
    const { headers } = received.all[9]!.message
    expect(headers!['first']!.toString()).toBe('h9')
    expect((headers!['twice'] as Buffer[]).map(String)).toEqual(['a', 'b'])
    expect(headers!['bytes']).toEqual(Buffer.from([0, 255]))
  })

  it('shares partitions between two consumers of a group, hands them over and resumes from what was committed', async () => {
    const admin = client.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 4 }] })
    const producer = client.producer()
    await producer.connect()
    const send = (from: number, to: number): Promise<unknown> =>
      producer.send({
        topic: 'shared',
        messages: Array.from({ length: to - from }, (_, i) => ({ value: String(from + i), partition: (from + i) % 4 })),
      })
    const readers = [0, 1].map(() =>
      client.consumer({ groupId: 'shared-readers', heartbeatInterval: 200, maxWaitTimeInMs: 200 }),
    )
    const [one, two] = [await collect(readers[0]!, 'shared'), await collect(readers[1]!, 'shared')]
    const bothHave = async (): Promise<boolean> => {
      const { groups } = await admin.describeGroups(['shared-readers'])
      return groups[0]!.state === 'Stable' && groups[0]!.members.length === 2
    }
    while (!(await bothHave())) await new Promise(setImmediate)
    await send(0, 100)
    while (one.all.length + two.all.length < 100) await new Promise(setImmediate)
    const partitions = [one, two].map((r) => new Set(r.all.map((m) => m.partition)))
    expect([...partitions[0]!, ...partitions[1]!].toSorted()).toEqual([0, 1, 2, 3])
    expect(partitions.map((p) => p.size)).toEqual([2, 2])

    await readers[0]!.disconnect()
    await send(100, 200)
    await two.until(two.all.filter((m) => Number(m.message.value) < 100).length + 100)
    await readers[1]!.disconnect()

    const offsets = await admin.fetchOffsets({ groupId: 'shared-readers', topics: ['shared'] })
    expect(offsets[0]!.partitions.map((p) => p.offset).toSorted()).toEqual(['50', '50', '50', '50'])
    await send(200, 220)
    const third = client.consumer({ groupId: 'shared-readers' })
    const rest = await collect(third, 'shared')
    await rest.until(20)
    await third.disconnect()
    expect(rest.all.map((m) => Number(m.message.value)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => 200 + i),
    )
    await admin.deleteGroups(['shared-readers'])
    await producer.disconnect()
    await admin.disconnect()
  })
})

describe('kafkajs over kill -9 of the broker', () => {
  let dir: string
  let broker: BrokerProcess
  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'sluice-kafkajs-'))
    broker = await startBrokerProcess(['--data-dir', dir])
  })
  afterAll(async () => {
    await broker.kill()
    rmSync(dir, { recursive: true, force: true })
  })

  it('loses nothing that was acknowledged, and the group goes on where it was', async () => {
    const { port } = broker
    const client = kafka(broker.bootstrapServers)
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const consumer = client.consumer({ groupId: 'survivors', sessionTimeout: 30_000 })
    const received = await collect(consumer, 'survivors')
    let sent = 0
    const sendSome = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        await producer.send({ topic: 'survivors', messages: [{ value: String(sent) }] })
        sent += 1
      }
    }
    await sendSome(100)
    await received.until(100)
    for (let round = 0; round < 2; round++) {
      const sending = sendSome(100)
      broker.child.kill('SIGKILL')
      await broker.kill()
      broker = await startBrokerProcess(['--data-dir', dir, '--port', String(port)])
      await sending
    }
    await received.until(sent)
    await producer.disconnect()
    await consumer.disconnect()

    const again = client.consumer({ groupId: 'auditors' })
    const all = await collect(again, 'survivors')
    await all.until(sent)
    await again.disconnect()
    const values = all.all.map((m) => Number(m.message.value))
    // The producer is idempotent: what it sent again over the crash was recognised from the log.
    expect(values).toEqual(Array.from({ length: sent }, (_, i) => i))
    expect(new Set(received.all.map((m) => Number(m.message.value))).size).toBe(sent)
  })
})
