import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import type { EmbeddedBroker } from '@sluice/embedded'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKafkaClient } from '../src/kafka-client.ts'
import type { KafkaClient } from '../src/ports.ts'
import { Outcomes, pollRecords, readTopic, record, sendAll } from './support/records.ts'
import { waitUntil } from './support/wait-until.ts'

let dataDir: string
let broker: EmbeddedBroker
let client: KafkaClient
const warnings: string[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'sluice-restart-'))
  broker = await startEmbeddedBroker({ dataDir })
  client = createKafkaClient({
    bootstrapServers: [broker.bootstrapServers],
    clientId: 'restart',
    log: { debug() {}, info() {}, warn: (message) => void warnings.push(message), error() {} },
  })
})
afterEach(async () => {
  await client.close()
  await broker.close()
  await rm(dataDir, { recursive: true })
})

/** Stops the broker and starts it again at its old address. */
async function restart(whileDown: () => Promise<void> = async () => {}): Promise<void> {
  const { port } = broker
  await broker.close()
  await whileDown()
  broker = await startEmbeddedBroker({ dataDir, port })
}

test('a producer goes on where it was, once and in order, when its broker was away', async () => {
  const producer = client.producer({ lingerMs: 0, batchSize: 512 })
  const outcomes = new Outcomes()
  const values = Array.from({ length: 3000 }, (_, i) => `v${i}`)
  const send = (from: number, to: number): Promise<unknown> =>
    sendAll(
      producer,
      values.slice(from, to).map((value) => record('t', { value: Buffer.from(value) })),
      outcomes,
    )
  for (let sent = 0; sent < values.length; sent += 1000) {
    await send(sent, sent + 500)
    await restart(() => send(sent + 500, sent + 1000).then(() => {}))
  }
  await producer.flush()
  expect(outcomes.errors).toEqual([])
  expect((await readTopic(client, 't')).map(({ value }) => value)).toEqual(values)
})

test('a consumer and its group member go on where they were when their broker was away', async () => {
  const tp = { topic: 't', partition: 0 }
  const producer = client.producer({ lingerMs: 0 })
  const outcomes = new Outcomes()
  const send = (value: string): Promise<unknown> =>
    sendAll(producer, [record('t', { value: Buffer.from(value) })], outcomes)
  const events: string[] = []
  const member = client.consumerGroupMember({
    groupId: 'g',
    topics: ['t'],
    heartbeatIntervalMs: 50,
    sessionTimeoutMs: 10_000,
    onAssigned: async () => void events.push('assigned'),
    onRevoked: async () => void events.push('revoked'),
    onLost: async () => void events.push('lost'),
  })
  await send('a')
  await producer.flush()
  await member.start()
  const generation = member.generation()!
  const consumer = client.consumer({ offsetReset: 'earliest' })
  consumer.assign([tp])
  expect((await pollRecords(consumer, 1)).map(({ value }) => value)).toEqual(['a'])
  await consumer.commit([{ ...tp, offset: 1 }], generation)
  await restart()
  const restartedAtMs = performance.now()
  await send('b')
  expect((await pollRecords(consumer, 1)).map(({ value }) => value)).toEqual(['b'])
  expect([...(await consumer.committed('g', [tp])).values()]).toEqual([1])
  await waitUntil('the lease is renewed', () => (member.lease()?.renewedAtMs ?? 0) > restartedAtMs)
  await consumer.commit([{ ...tp, offset: 2 }], member.generation()!)
  expect(events.filter((event) => event === 'lost')).toEqual([])
  await member.leave('done')
})

test('says once that no broker answers, and that one does again', async () => {
  const producer = client.producer({ lingerMs: 0 })
  const outcomes = new Outcomes()
  await sendAll(producer, [record('t')], outcomes)
  await producer.flush()
  warnings.length = 0
  await restart(async () => {
    await sendAll(producer, [record('t')], outcomes)
    await waitUntil('it is said', () => warnings.length > 0)
  })
  await producer.flush()
  expect(outcomes.errors).toEqual([])
  expect(warnings).toEqual(['No Kafka broker answers; trying again'])
})
