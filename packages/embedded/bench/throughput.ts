// How fast the embedded broker takes in and gives out batches, over one connection that does nothing with them:
//
//   node --conditions=sluice-source packages/embedded/bench/throughput.ts [MB to send, 1000] [bytes of a batch, 262144]
//
// The broker runs as its own process with a data folder. CPU is that of the broker, user and system, per GB.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decodeResponse, encodeRequest, encodeRequestParts } from '@sluice/kafka/protocol'
import { RecordBatchBuilder } from '@sluice/kafka/records'
import { startBrokerProcess } from '../test/support/broker-process.ts'

const [megabytes = '1000', batchBytes = '262144'] = process.argv.slice(2)
const total = Number(megabytes) * 1e6
const partitions = 4
const inFlight = 5
const topic = 'throughput'
const header = { correlationId: 1, clientId: 'throughput' }

/** Sends requests and hands the answers to whoever asked, in order. */
function openClient(port: number): (parts: readonly Buffer[]) => Promise<Buffer> {
  const waiting: ((frame: Buffer) => void)[] = []
  const received = Buffer.allocUnsafeSlow(64 * 1024 * 1024)
  let filled = 0
  const take = (length: number, bytes: Uint8Array): boolean => {
    received.set(bytes.subarray(0, length), filled)
    filled += length
    while (filled >= 4 && filled >= 4 + received.readInt32BE(0)) {
      const end = 4 + received.readInt32BE(0)
      waiting.shift()?.(received.subarray(4, end))
      received.copyWithin(0, end, filled)
      filled -= end
    }
    return true
  }
  const onread = { buffer: Buffer.allocUnsafeSlow(1024 * 1024), callback: take }
  const socket = connect({ port, host: '127.0.0.1', onread })
  socket.setNoDelay(true)
  return (parts) =>
    new Promise((resolve) => {
      waiting.push(resolve)
      socket.cork()
      for (const part of parts) socket.write(part)
      socket.uncork()
    })
}

function makeBatch(): Buffer {
  const builder = new RecordBatchBuilder(Number(batchBytes))
  const value = Buffer.alloc(1024, 'x')
  while (builder.append(Date.now(), null, value, null) >= 0);
  return builder.seal()
}

async function produce(call: ReturnType<typeof openClient>, batch: Buffer): Promise<number> {
  let sent = 0
  const partitionData = Array.from({ length: partitions }, (_, index) => ({ index, records: batch }))
  const body = { acks: -1, timeoutMs: 1_000, topicData: [{ name: topic, partitionData }] }
  const lane = async (): Promise<void> => {
    while (sent < total) {
      sent += batch.length * partitions
      const answer = decodeResponse('Produce', 9, await call(encodeRequestParts('Produce', 9, header, body))).body
      const refused = answer.responses.flatMap((t) => t.partitionResponses).find((p) => p.errorCode !== 0)
      if (refused !== undefined) throw new Error(`Producing was answered with error code ${refused.errorCode}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return sent
}

async function fetchAll(call: ReturnType<typeof openClient>, expected: number): Promise<void> {
  const offsets = Array.from({ length: partitions }, () => 0)
  for (let bytes = 0; bytes < expected;) {
    const wanted = offsets.map((fetchOffset, partition) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: 1024 * 1024,
    }))
    const body = {
      maxWaitMs: 500,
      minBytes: 1,
      isolationLevel: 0,
      topics: [{ topic, partitions: wanted }],
      forgottenTopicsData: [],
    }
    const frame = await call([encodeRequest('Fetch', 11, header, body)])
    for (const { partitionIndex, records } of decodeResponse('Fetch', 11, frame).body.responses[0]?.partitions ?? []) {
      if (records === null) continue
      bytes += records.length
      for (let at = 0; at < records.length; at += records.readInt32BE(at + 8) + 12)
        offsets[partitionIndex] = records.readInt32BE(at + 4) + records.readInt32BE(at + 23) + 1
    }
  }
}

/** Seconds of CPU that the process has used; where the system does not tell, not a number. */
function cpuSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
    return (Number(fields[13]) + Number(fields[14])) / 100
  } catch {
    return NaN
  }
}

const dir = mkdtempSync(path.join(tmpdir(), 'sluice-throughput-'))
const broker = await startBrokerProcess(['--data-dir', dir, '--partitions', String(partitions)])
async function measure(what: string, act: () => Promise<number>): Promise<void> {
  const [started, cpu] = [performance.now(), cpuSeconds(broker.child.pid)]
  const bytes = await act()
  const seconds = (performance.now() - started) / 1e3
  const cpuPerGb = (cpuSeconds(broker.child.pid) - cpu) / (bytes / 1e9)
  process.stdout.write(
    `${what}: ${(bytes / 1e6 / seconds).toFixed(0)} MB/s, ${cpuPerGb.toFixed(2)} s of CPU per GB in the broker\n`,
  )
}

try {
  const call = openClient(broker.port)
  await call([encodeRequest('Metadata', 9, header, { topics: [{ name: topic }] })])
  let sent = 0
  await measure('produce, acks=all', async () => (sent = await produce(call, makeBatch())))
  await measure('fetch', async () => {
    await fetchAll(call, sent)
    return sent
  })
} finally {
  await broker.kill()
  rmSync(dir, { recursive: true, force: true })
}
process.exit()
