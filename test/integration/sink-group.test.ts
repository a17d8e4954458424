import { join } from 'node:path'
import { createKafkaClient, partitionKey } from '@sluice/kafka'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedConnect, linesOf, startEmbeddedConnect } from '../support/embedded-connect.ts'
import { waitUntil } from '../support/wait-until.ts'

let connect: EmbeddedConnect

beforeEach(async () => {
  connect = await startEmbeddedConnect()
})
afterEach(() => connect.stop())

async function withAdmin<T>(work: (admin: ReturnType<ReturnType<typeof createKafkaClient>['admin']>) => Promise<T>) {
  const client = createKafkaClient({ bootstrapServers: [connect.bootstrapServers], clientId: 'test' })
  try {
    return await work(client.admin())
  } finally {
    await client.close()
  }
}

test('a refused batch is given again, the same records, until it is taken; only then its offsets are committed', async () => {
  const file = join(connect.folder, 'calls.txt')
  await connect.create('numbers', { 'connector.class': 'SequenceSource', topic: 'numbers' })
  await connect.create('sink', { 'connector.class': 'ReluctantSink', topics: 'numbers', file, refusals: '3' })
  await waitUntil(() => linesOf(file).filter((line) => line.startsWith('took')).length >= 5, 'five batches')
  await connect.worker.herder.deleteConnector('sink')
  const calls = linesOf(file)
  const taken = calls.filter((line) => line.startsWith('took ')).map((line) => line.slice('took '.length))
  expect(taken.join(',').split(',')).toEqual(
    taken
      .join(',')
      .split(',')
      .map((_, index) => String(index)),
  )
  for (const batch of taken) expect(calls.filter((line) => line === `refused ${batch}`)).toHaveLength(3)
  expect(calls[0]).toBe('opened 1')
  expect(calls.slice(-1)).toEqual(['closed 1'])
  const committed = await withAdmin((admin) => admin.listGroupOffsets('connect-sink'))
  expect(committed.get(partitionKey({ topic: 'numbers', partition: 0 }))).toBe(taken.join(',').split(',').length)
})

test('partitions move between tasks without a record lost or taken twice', async () => {
  const topic = 'spread'
  await withAdmin((admin) => admin.createTopics([{ name: topic, partitions: 4 }]))
  const out = join(connect.folder, 'out.txt')
  const sink = { 'connector.class': 'FileStreamSink', topics: topic, file: out }
  await connect.create('sink', { ...sink, 'tasks.max': '1' })
  await connect.create('numbers', { 'connector.class': 'SequenceSource', topic })
  await waitUntil(() => linesOf(out).length >= 20, 'records from one task')
  await connect.worker.herder.putConnectorConfig('sink', { ...sink, 'tasks.max': '3' })
  await connect.untilRunning('sink', 3)
  const before = linesOf(out).length
  await waitUntil(() => linesOf(out).length >= before + 40, 'records from three tasks')
  await connect.worker.herder.putConnectorConfig('sink', { ...sink, 'tasks.max': '2' })
  await connect.untilRunning('sink', 2)
  await connect.worker.herder.deleteConnector('numbers')
  const ends = await withAdmin((admin) =>
    admin.listOffsets([0, 1, 2, 3].map((partition) => ({ topic, partition, at: 'latest' as const }))),
  )
  const total = [...ends.values()].reduce((sum, end) => sum + end, 0)
  await waitUntil(() => linesOf(out).length >= total, 'everything to arrive')
  expect(
    linesOf(out)
      .map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: total }, (_, index) => index))
})

test('a pattern takes in topics that match it, and no others', async () => {
  const out = join(connect.folder, 'out.txt')
  await connect.create('first', { 'connector.class': 'SequenceSource', topic: 'orders-eu' })
  await connect.create('other', { 'connector.class': 'SequenceSource', topic: 'orders' })
  await waitUntil(async () => (await connect.values('orders').catch(() => [])).length > 0, 'both topics')
  const calls = join(connect.folder, 'calls.txt')
  await connect.create('sink', {
    'connector.class': 'ReluctantSink',
    'topics.regex': 'orders-.+',
    file: calls,
    refusals: '0',
  })
  await waitUntil(() => linesOf(calls).some((line) => line.startsWith('took')), 'the matching topic to be read')
  expect(linesOf(calls)[0]).toBe('opened 1')
  expect(linesOf(out)).toEqual([])
})

test('a record that cannot be converted fails the task with its place, the stage and the plugin, and no offset moves', async () => {
  await connect.create('numbers', { 'connector.class': 'SequenceSource', topic: 'numbers' })
  await connect.create('sink', {
    'connector.class': 'FileStreamSink',
    topics: 'numbers',
    file: join(connect.folder, 'out.txt'),
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  })
  expect(await connect.untilTask('sink', 0, 'FAILED')).toMatch(
    /^ConnectError: Tolerance exceeded in error handler: VALUE_CONVERTER by org\.apache\.kafka\.connect\.json\.JsonConverter of the record numbers-0@0: /,
  )
  const committed = await withAdmin((admin) => admin.listGroupOffsets('connect-sink'))
  expect(committed.get('numbers-0') ?? 0).toBe(0)
})
