import { expect, test } from 'vitest'
import java from '../src/producer/testdata/java-producer.json' with { type: 'json' }
import { createKafkaClient } from '../src/kafka-client.ts'
import { suiteClient, unique } from './support/contract-target.ts'
import type { ContractTarget } from './support/contract-target.ts'
import { Outcomes, readTopic, record, sendAll } from './support/records.ts'

/** What a producer promises, over any broker. */
export function producerContract(target: ContractTarget): void {
  const suite = suiteClient(target)

  test('acknowledges records in the order of send, at consecutive offsets', async () => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer({ batchSize: 512 })
    const outcomes = new Outcomes()
    const records = Array.from({ length: 500 }, (_, i) => record(topic, { value: Buffer.from(`v${i}`) }))
    await sendAll(producer, records, outcomes)
    await producer.flush()
    expect(outcomes.all.map(({ token, offset, error }) => ({ token, offset, error }))).toEqual(
      records.map((_, i) => ({ token: i, offset: i, error: null })),
    )
    expect((await readTopic(suite.client, topic)).map(({ value }) => value)).toEqual(records.map((_, i) => `v${i}`))
  })

  test('puts a key where Java puts it', async () => {
    const topic = await suite.topic(7)
    const producer = suite.client.producer()
    const outcomes = new Outcomes()
    const vectors = java.murmur2 as [string, number, number][]
    const records = vectors.map(([hex]) => record(topic, { key: Buffer.from(hex, 'hex'), value: Buffer.from(hex) }))
    await sendAll(producer, records, outcomes)
    await producer.flush()
    const found = new Map((await readTopic(suite.client, topic)).map(({ value, partition }) => [value, partition]))
    expect([...found].sort()).toEqual([...new Map(vectors.map(([hex, , partition]) => [hex, partition]))].sort())
  })

  test('spreads records without a key over all partitions', async () => {
    const topic = await suite.topic(3)
    const producer = suite.client.producer({ batchSize: 200 })
    const outcomes = new Outcomes()
    await sendAll(
      producer,
      Array.from({ length: 300 }, () => record(topic, { value: Buffer.alloc(50) })),
      outcomes,
    )
    await producer.flush()
    expect(new Set(outcomes.all.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]))
  })

  test.each(['none', 'gzip', 'zstd'] as const)(
    'keeps every byte of keys, values and headers, null apart from empty, with compression %s',
    async (compression) => {
      const topic = await suite.topic(1)
      const producer = suite.client.producer({ compression })
      const outcomes = new Outcomes()
      const bytes = (text: string): Buffer => Buffer.from(text)
      const records = [
        record(topic, { timestamp: 0, key: null, value: null }),
        record(topic, { timestamp: 1_790_000_000_000, key: bytes(''), value: bytes('') }),
        record(topic, {
          timestamp: 5,
          key: bytes('schlüssel'),
          value: bytes('日本'.repeat(2000)),
          headers: [
            ['h', bytes('1')],
            ['h', bytes('')],
            ['ü', null],
            ['h', bytes('2')],
          ],
        }),
      ]
      await sendAll(producer, records, outcomes)
      await producer.flush()
      expect(outcomes.errors).toEqual([])
      expect(await readTopic(suite.client, topic)).toEqual([
        { partition: 0, offset: 0, timestamp: 0, key: null, value: null, headers: [] },
        { partition: 0, offset: 1, timestamp: 1_790_000_000_000, key: '', value: '', headers: [] },
        {
          partition: 0,
          offset: 2,
          timestamp: 5,
          key: 'schlüssel',
          value: '日本'.repeat(2000),
          headers: [
            ['h', '1'],
            ['h', ''],
            ['ü', null],
            ['h', '2'],
          ],
        },
      ])
    },
  )

  test.each([
    { acks: 'leader' as const, idempotence: false },
    { acks: 'none' as const, idempotence: false },
    { acks: 'all' as const, idempotence: false, maxInFlight: 1 },
  ])('stores records under %j', async (options) => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer(options)
    const outcomes = new Outcomes()
    const values = Array.from({ length: 50 }, (_, i) => `v${i}`)
    await sendAll(
      producer,
      values.map((value) => record(topic, { value: Buffer.from(value) })),
      outcomes,
    )
    await producer.flush()
    expect(outcomes.errors).toEqual([])
    expect(outcomes.all.map(({ offset }) => offset)).toEqual(values.map((_, i) => (options.acks === 'none' ? -1 : i)))
    // What nobody acknowledged may still be on its way.
    let stored: (string | null)[] = []
    while (stored.length < values.length) stored = (await readTopic(suite.client, topic)).map(({ value }) => value)
    expect(stored).toEqual(values)
  })

  test('fails a record that is too large in Java’s words, and sends the next', async () => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer({ maxRequestSize: 1000, lingerMs: 0 })
    const outcomes = new Outcomes()
    await sendAll(
      producer,
      [record(topic, { value: Buffer.alloc(2000) }), record(topic, { value: Buffer.from('small') })],
      outcomes,
    )
    await producer.flush()
    expect(outcomes.all.map(({ token, offset }) => [token, offset])).toEqual([
      [0, -1],
      [1, 0],
    ])
    expect(outcomes.errors[0]).toMatchObject({
      errorName: 'MESSAGE_TOO_LARGE',
      message:
        'The message is 2086 bytes when serialized which is larger than 1000, which is the value of the max.request.size configuration.',
    })
  })

  test('takes no more than buffer.memory, says so, and takes the rest when there is room', async () => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer({ bufferMemory: 20_000, batchSize: 4000 })
    const outcomes = new Outcomes()
    const records = Array.from({ length: 400 }, (_, i) => record(topic, { value: Buffer.alloc(1000, i) }))
    await producer.partitionsFor(topic)
    let taken = 0
    while (producer.send(records[taken]!, outcomes, taken)) taken++
    expect(taken).toBeGreaterThan(10)
    expect(taken * 1000).toBeLessThanOrEqual(20_000)
    const { refusals } = await sendAll(producer, records.slice(taken), outcomes)
    expect(refusals).toBeGreaterThan(0)
    await producer.flush()
    expect(outcomes.all.map(({ offset }) => offset)).toEqual(records.map((_, i) => i))
  })

  test('sends what lingers when it is flushed', async () => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer({ lingerMs: 3_600_000 })
    const outcomes = new Outcomes()
    await sendAll(producer, [record(topic, { value: Buffer.from('v') })], outcomes)
    await producer.flush()
    expect(outcomes.all).toMatchObject([{ token: 0, partition: 0, offset: 0, error: null }])
  })

  test('creates a topic on first use, and refuses a name that no topic can have', async () => {
    const producer = suite.client.producer()
    const outcomes = new Outcomes()
    const topic = unique('made-on-first-use')
    await sendAll(producer, [record(topic, { value: Buffer.from('v') }), record('not a topic')], outcomes)
    await producer.flush()
    expect(outcomes.all.find(({ token }) => token === 0)).toMatchObject({ offset: 0, error: null })
    expect(outcomes.errors).toMatchObject([{ errorName: 'INVALID_TOPIC_EXCEPTION' }])
  })

  test('fails a record for a partition that is not there when max.block.ms has passed', async () => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer({ maxBlockMs: 300 })
    const outcomes = new Outcomes()
    await sendAll(producer, [record(topic, { partition: 5 }), record(topic, { partition: 0 })], outcomes)
    await producer.flush()
    expect(outcomes.errors).toMatchObject([
      {
        errorName: 'REQUEST_TIMED_OUT',
        message: `Partition 5 of topic ${topic} with partition count 1 is not present in metadata after 300 ms.`,
      },
    ])
    expect(outcomes.all.find(({ token }) => token === 1)).toMatchObject({ offset: 0 })
  })

  test('delivers what it took when it is closed, or fails it when there is no time', async () => {
    const topic = await suite.topic(1)
    const outcomes = new Outcomes()
    const patient = suite.client.producer({ lingerMs: 3_600_000 })
    await sendAll(patient, [record(topic, { value: Buffer.from('v') })], outcomes)
    await patient.close(30_000)
    expect(outcomes.all).toMatchObject([{ offset: 0, error: null }])
    const hasty = suite.client.producer({ lingerMs: 3_600_000 })
    await sendAll(hasty, [record(topic, { value: Buffer.from('v') })], outcomes)
    await hasty.close(0)
    expect(outcomes.errors).toMatchObject([{ message: 'Producer is closed forcefully.' }])
    expect(() => hasty.send(record(topic), outcomes, 0)).toThrow(
      'Cannot perform operation after producer has been closed',
    )
  })

  test('names the address when no broker is there, and fails the record when max.block.ms has passed', async () => {
    const client = createKafkaClient({ bootstrapServers: ['127.0.0.1:1'], clientId: 'contract' })
    const outcomes = new Outcomes()
    await sendAll(client.producer({ maxBlockMs: 300 }), [record('t')], outcomes)
    await Promise.resolve()
    expect(outcomes.errors).toMatchObject([{ errorName: 'REQUEST_TIMED_OUT' }])
    expect(outcomes.errors[0]!.message).toMatch(
      /^Topic t not present in metadata after 300 ms\. .*127\.0\.0\.1:1: connection refused.*bootstrap\.servers/,
    )
    await client.close()
  })

  test.runIf(target.features.maxMessageBytes)('divides a batch that is too large for its topic', async () => {
    const topic = await suite.topic(1, { 'max.message.bytes': '2000' })
    const producer = suite.client.producer({ batchSize: 16_384, lingerMs: 3_600_000 })
    const outcomes = new Outcomes()
    const records = Array.from({ length: 40 }, (_, i) =>
      record(topic, { value: Buffer.alloc(i === 7 ? 3000 : 300, 65 + i) }),
    )
    await sendAll(producer, records, outcomes)
    await producer.flush()
    expect(outcomes.errors).toMatchObject([{ errorName: 'MESSAGE_TOO_LARGE' }])
    expect(outcomes.all.find(({ error }) => error !== null)).toMatchObject({ token: 7 })
    const stored = (await readTopic(suite.client, topic)).map(({ value }) => value?.charCodeAt(0))
    expect(stored).toEqual(records.flatMap((_, i) => (i === 7 ? [] : [65 + i])))
  })

  test.runIf(target.features.logAppendTime)('tells the time of the append where the topic stamps records', async () => {
    const topic = await suite.topic(1, { 'message.timestamp.type': 'LogAppendTime' })
    const producer = suite.client.producer()
    const outcomes = new Outcomes()
    await sendAll(producer, [record(topic, { timestamp: 5, value: Buffer.from('v') })], outcomes)
    await producer.flush()
    const [stored] = await readTopic(suite.client, topic)
    expect(outcomes.all[0]!.timestamp).toBeGreaterThan(1_700_000_000_000)
    expect(stored!.timestamp).toBe(outcomes.all[0]!.timestamp)
  })
}
