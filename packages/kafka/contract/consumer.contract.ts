import { expect, test } from 'vitest'
import { partitionKey } from '../src/partition-key.ts'
import type { ConsumerPort, FetchedBatch } from '../src/ports.ts'
import { suiteClient, unique } from './support/contract-target.ts'
import type { ContractTarget } from './support/contract-target.ts'
import { copyBatch, Outcomes, pollRecords, produce, record, sendAll } from './support/records.ts'

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${i}`)

/** What a consumer promises, over any broker. */
export function consumerContract(target: ContractTarget): void {
  const suite = suiteClient(target)

  const filled = async (values: readonly string[], partitions = 1): Promise<string> => {
    const topic = await suite.topic(partitions)
    for (let partition = 0; partition < partitions; partition++) {
      await produce(suite.client, { topic, partition }, values)
    }
    return topic
  }
  const reading = (topic: string, partitions = 1): ConsumerPort => {
    const consumer = suite.client.consumer({ offsetReset: 'earliest' })
    consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
    return consumer
  }

  test('reads every record of its partitions once, in order', async () => {
    const topic = await filled(numbered(300), 3)
    const consumer = reading(topic, 3)
    const records = await pollRecords(consumer, 900)
    for (const partition of [0, 1, 2]) {
      const own = records.filter((found) => found.partition === partition)
      expect(own.map(({ value }) => value)).toEqual(numbered(300))
      expect(own.map(({ offset }) => offset)).toEqual(numbered(300).map((_, i) => i))
      expect(await consumer.position({ topic, partition })).toBe(300)
    }
    expect(await consumer.poll(0, 500)).toEqual([])
    await consumer.close(1000)
  })

  test('hands out at most the records asked for, and says where it goes on', async () => {
    const topic = await filled(numbered(250))
    const consumer = reading(topic)
    let next = 0
    while (next < 250) {
      const batches = await consumer.poll(1000, 7)
      expect(batches.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(7)
      for (const batch of batches) {
        expect(batch.offset(0)).toBe(next)
        next += batch.count
        expect(batch.nextOffset).toBe(next)
        batch.release()
      }
      expect(await consumer.position({ topic, partition: 0 })).toBe(next)
    }
    await consumer.close(1000)
  })

  test('starts at the end under the policy latest, and throws under none', async () => {
    const topic = await filled(numbered(3))
    const tp = { topic, partition: 0 }
    const latest = suite.client.consumer({ offsetReset: 'latest' })
    latest.assign([tp])
    expect(await latest.position(tp)).toBe(3)
    await produce(suite.client, tp, ['new'])
    expect((await pollRecords(latest, 1)).map(({ value }) => value)).toEqual(['new'])
    const none = suite.client.consumer({ offsetReset: 'none' })
    none.assign([tp])
    await expect(none.poll(1000, 10)).rejects.toMatchObject({
      errorName: 'OFFSET_OUT_OF_RANGE',
      message: `Undefined offset with no reset policy for partitions: [${topic}-0]`,
    })
    none.seek(tp, 1)
    expect((await pollRecords(none, 3)).map(({ value }) => value)).toEqual(['v1', 'v2', 'new'])
  })

  test('goes on exactly where it is sought, and delivers nothing that was fetched before', async () => {
    const topic = await filled(numbered(400))
    const tp = { topic, partition: 0 }
    const consumer = reading(topic)
    expect((await pollRecords(consumer, 5, 5)).map(({ value }) => value)).toEqual(numbered(5))
    for (const offset of [137, 2, 399, 0, 250]) {
      consumer.seek(tp, offset)
      expect(await consumer.position(tp)).toBe(offset)
      const [first] = await pollRecords(consumer, 1, 1)
      expect(first).toMatchObject({ offset, value: `v${offset}` })
    }
    await consumer.close(1000)
  })

  test('delivers nothing of a paused partition, not even what it has, and goes on without a gap', async () => {
    const topic = await filled(numbered(200), 2)
    const consumer = reading(topic, 2)
    const seen: string[][] = [[], []]
    const take = async (): Promise<void> => {
      for (const batch of await consumer.poll(1000, 20)) {
        for (const { partition, value } of copyBatch(batch)) seen[partition]!.push(value ?? '')
      }
    }
    await take()
    consumer.pause([{ topic, partition: 0 }])
    expect(consumer.paused()).toEqual([{ topic, partition: 0 }])
    const before = seen[0]!.length
    while (seen[1]!.length < 200) await take()
    expect(seen[0]!.length).toBe(before)
    consumer.resume([{ topic, partition: 0 }])
    expect(consumer.paused()).toEqual([])
    while (seen[0]!.length < 200) await take()
    expect(seen).toEqual([numbered(200), numbered(200)])
    await consumer.close(1000)
  })

  test('keeps its place in partitions that stay assigned, and forgets the others', async () => {
    const topic = await filled(numbered(100), 2)
    const consumer = reading(topic, 1)
    await pollRecords(consumer, 10, 10)
    const position = await consumer.position({ topic, partition: 0 })
    consumer.assign([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ])
    expect(await consumer.position({ topic, partition: 0 })).toBe(position)
    expect(await consumer.position({ topic, partition: 1 })).toBe(0)
    consumer.assign([{ topic, partition: 1 }])
    expect(consumer.assignment()).toEqual([{ topic, partition: 1 }])
    const records = await pollRecords(consumer, 100)
    expect(new Set(records.map(({ partition }) => partition))).toEqual(new Set([1]))
    expect(() => consumer.seek({ topic, partition: 0 }, 0)).toThrow(`No current assignment for partition ${topic}-0`)
    await consumer.close(1000)
  })

  test('goes where the policy says when its offset is gone, and throws under none', async () => {
    const topic = await filled(numbered(20))
    const tp = { topic, partition: 0 }
    expect((await suite.admin.deleteRecords([{ ...tp, offset: 12 }])).get(partitionKey(tp))).toBeNull()
    const earliest = reading(topic)
    earliest.seek(tp, 3)
    expect((await pollRecords(earliest, 8)).map(({ offset }) => offset)).toEqual([12, 13, 14, 15, 16, 17, 18, 19])
    earliest.seek(tp, 1000)
    expect((await pollRecords(earliest, 1, 1))[0]).toMatchObject({ offset: 12 })
    const none = suite.client.consumer({ offsetReset: 'none' })
    none.assign([tp])
    none.seek(tp, 3)
    await expect(none.poll(10_000, 10)).rejects.toMatchObject({ errorName: 'OFFSET_OUT_OF_RANGE' })
    none.seek(tp, 19)
    expect((await pollRecords(none, 1)).map(({ value }) => value)).toEqual(['v19'])
  })

  test('ends a poll on wakeup, the one under way or the next', async () => {
    const topic = await suite.topic(1)
    const consumer = reading(topic)
    consumer.wakeup()
    expect(await consumer.poll(60_000, 1)).toEqual([])
    const poll = consumer.poll(60_000, 1)
    consumer.wakeup()
    expect(await poll).toEqual([])
    await consumer.close(1000)
    await expect(consumer.poll(0, 1)).rejects.toThrow('This consumer has already been closed.')
  })

  test('reads a topic that comes to be after it was assigned', async () => {
    const topic = unique('later')
    const consumer = suite.client.consumer({ offsetReset: 'earliest' })
    consumer.assign([{ topic, partition: 0 }])
    expect(await consumer.poll(0, 1)).toEqual([])
    await produce(suite.client, { topic, partition: 0 }, ['first'])
    expect((await pollRecords(consumer, 1)).map(({ value }) => value)).toEqual(['first'])
    await consumer.close(1000)
  })

  test.each(['gzip', 'zstd'] as const)('reads batches of %s in parts and from the middle', async (compression) => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer({ compression, lingerMs: 3_600_000 })
    const outcomes = new Outcomes()
    await sendAll(
      producer,
      numbered(500).map((value) => record(topic, { value: Buffer.from(value) })),
      outcomes,
    )
    await producer.flush()
    const consumer = reading(topic)
    expect((await pollRecords(consumer, 500, 13)).map(({ value }) => value)).toEqual(numbered(500))
    consumer.seek({ topic, partition: 0 }, 321)
    expect((await pollRecords(consumer, 1, 1))[0]).toMatchObject({ offset: 321, value: 'v321' })
    await consumer.close(1000)
  })

  test('fetches no more than two fetches ahead of what is released, and keeps bytes in place until then', async () => {
    const values = Array.from({ length: 400 }, (_, i) => `${i}-`.padEnd(1000, 'x'))
    const topic = await filled(values)
    const consumer = suite.client.consumer({ offsetReset: 'earliest', maxPartitionFetchBytes: 50_000 })
    consumer.assign([{ topic, partition: 0 }])
    const held: FetchedBatch[] = []
    for (let batches = await consumer.poll(5000, 500); batches.length > 0;) {
      held.push(...batches)
      batches = await consumer.poll(300, 500)
    }
    const count = held.reduce((sum, batch) => sum + batch.count, 0)
    expect(count).toBeGreaterThan(40)
    // A broker rounds a fetch up to at least one batch, of 16 KiB here.
    expect(count).toBeLessThanOrEqual(140)
    const records = held.flatMap(copyBatch)
    records.push(...(await pollRecords(consumer, 400 - count)))
    expect(records.map(({ value }) => value)).toEqual(values)
    await consumer.close(1000)
  })

  test('fetches a batch that is larger than its limits', async () => {
    const topic = await filled(['small', 'x'.repeat(100_000), 'last'])
    const consumer = suite.client.consumer({
      offsetReset: 'earliest',
      maxPartitionFetchBytes: 1000,
      fetchMaxBytes: 1000,
    })
    consumer.assign([{ topic, partition: 0 }])
    expect((await pollRecords(consumer, 3)).map(({ value }) => value!.length)).toEqual([5, 100_000, 4])
    await consumer.close(1000)
  })

  test('commits as the owner of a group without members, and finds the offsets again', async () => {
    const topic = await filled(['a'], 2)
    const groupId = unique('group')
    const [first, second] = [
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]
    const consumer = suite.client.consumer()
    expect(await consumer.committed(groupId, [first, second])).toEqual(new Map())
    await consumer.commit([{ ...first, offset: 7, metadata: 'note' }], { groupId })
    expect(await consumer.committed(groupId, [first, second])).toEqual(new Map([[partitionKey(first), 7]]))
    await consumer.commit([{ ...second, offset: 0 }], { groupId })
    expect(await consumer.committed(groupId, [second])).toEqual(new Map([[partitionKey(second), 0]]))
    await consumer.close(1000)
  })

  test('knows where partitions begin and end', async () => {
    const topic = await filled(numbered(9), 2)
    const all = [0, 1].map((partition) => ({ topic, partition }))
    await suite.admin.deleteRecords([{ topic, partition: 1, offset: 4 }])
    const consumer = suite.client.consumer()
    expect(await consumer.beginningOffsets(all)).toEqual(
      new Map([
        [`${topic}-0`, 0],
        [`${topic}-1`, 4],
      ]),
    )
    expect(await consumer.endOffsets(all)).toEqual(
      new Map([
        [`${topic}-0`, 9],
        [`${topic}-1`, 9],
      ]),
    )
    await consumer.close(1000)
  })

  test('reads what is committed, and only that, when it is told to', async () => {
    const topic = await filled(numbered(5))
    const consumer = suite.client.consumer({ offsetReset: 'earliest', isolationLevel: 'read_committed' })
    consumer.assign([{ topic, partition: 0 }])
    expect((await pollRecords(consumer, 5)).map(({ value }) => value)).toEqual(numbered(5))
    await consumer.close(1000)
  })
}
