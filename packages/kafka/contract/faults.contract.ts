import type { TopicPartition } from '@sluice/api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createKafkaClient } from '../src/kafka-client.ts'
import { partitionKey } from '../src/partition-key.ts'
import type { ClientOptions, ConsumerPort, KafkaClient, ProducerRecord } from '../src/ports.ts'
import { suiteClient, unique } from './support/contract-target.ts'
import type { ContractTarget } from './support/contract-target.ts'
import { copyBatch, Outcomes, pollRecords, produce, readTopic, record, sendAll } from './support/records.ts'
import type { ReadRecord } from './support/records.ts'
import { startFaultProxy } from './support/tcp-proxy.ts'
import type { Fate, FaultProxy, Passing } from './support/tcp-proxy.ts'
import { waitUntil } from './support/wait-until.ts'

/** Numbers from 0 up to 1 that are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed * 2654435761 + 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** As pollRecords, when an error that was met before may still come out first. */
async function pollRecordsPastErrors(consumer: ConsumerPort, count: number): Promise<ReadRecord[]> {
  const records: ReadRecord[] = []
  while (records.length < count) {
    const batches = await consumer.poll(1000, 10).catch(() => [])
    records.push(...batches.flatMap(copyBatch))
  }
  return records
}

/** What clients promise while connections are cut, answers get lost and brokers fall silent, over any broker. */
export function faultsContract(target: ContractTarget): void {
  const direct = suiteClient(target)
  const opened: KafkaClient[] = []
  let proxy: FaultProxy

  const through = (options: Partial<ClientOptions> = {}): KafkaClient => {
    const quick = {
      connectTimeoutMs: 500,
      reconnectBackoffMs: 5,
      reconnectBackoffMaxMs: 50,
      retryBackoffMs: 5,
      retryBackoffMaxMs: 50,
    }
    const client = createKafkaClient({
      bootstrapServers: [proxy.bootstrapServers],
      clientId: 'contract-faults',
      ...quick,
      ...options,
    })
    opened.push(client)
    return client
  }
  beforeAll(async () => {
    const [host = '', port = ''] = target.bootstrapServers().split(':')
    proxy = await startFaultProxy({ host, port: Number(port) })
  })
  beforeEach(async () => {
    proxy.setFate(() => 'pass')
    await Promise.all(opened.splice(0).map((client) => client.close()))
  })
  afterAll(async () => {
    await Promise.all(opened.map((client) => client.close()))
    await proxy.close()
  })

  /** Strikes requests of these APIs, so many in a hundred, until so many were struck. */
  const striking = (apis: readonly string[], seed: number, fates: readonly Fate[]): ((passing: Passing) => Fate) => {
    const random = randomFrom(seed)
    let left = 60
    return ({ api }) => {
      if (api === null || !apis.includes(api) || left === 0 || random() > 0.25) return 'pass'
      left--
      return fates[Math.floor(random() * fates.length)] ?? 'pass'
    }
  }
  const valuesOf = (records: readonly ReadRecord[], partition: number): (string | null)[] =>
    records.filter((found) => found.partition === partition).map(({ value }) => value)
  const toTwoPartitions = (topic: string, count: number): ProducerRecord[] =>
    Array.from({ length: count }, (_, i) => record(topic, { partition: i % 2, value: Buffer.from(`v${i}`) }))
  const expected = (count: number, partition: number): string[] =>
    Array.from({ length: count / 2 }, (_, i) => `v${2 * i + partition}`)

  test.each([1, 2, 3, 4, 5, 6])(
    'stores every record once and in order while requests and answers of the producer get lost (seed %i)',
    async (seed) => {
      const topic = await direct.topic(2)
      proxy.setFate(
        striking(['Produce', 'InitProducerId', 'Metadata'], seed, ['lose request', 'lose answer', 'lose answer']),
      )
      const producer = through().producer({
        batchSize: 256,
        lingerMs: 0,
        compression: seed % 2 === 0 ? 'zstd' : 'none',
      })
      const outcomes = new Outcomes()
      await sendAll(producer, toTwoPartitions(topic, 2000), outcomes)
      await producer.flush()
      expect(outcomes.errors).toEqual([])
      const stored = await readTopic(direct.client, topic)
      for (const partition of [0, 1]) {
        expect(valuesOf(stored, partition)).toEqual(expected(2000, partition))
        const told = outcomes.all.filter((outcome) => outcome.partition === partition)
        expect(told.map(({ token }) => token)).toEqual(expected(2000, partition).map((value) => Number(value.slice(1))))
        // A repeat that the broker recognised is answered with the offset of the first, or with none.
        for (const [i, { offset }] of told.entries()) expect([i, -1]).toContain(offset)
      }
    },
  )

  test('stores every record once and in order while all connections are cut again and again', async () => {
    const topic = await direct.topic(2)
    const producer = through().producer({ batchSize: 256, lingerMs: 0 })
    const outcomes = new Outcomes()
    const records = toTwoPartitions(topic, 3000)
    for (let sent = 0; sent < records.length; sent += 200) {
      await sendAll(producer, records.slice(sent, sent + 200), outcomes)
      await waitUntil('some of it is acknowledged', () => outcomes.all.length > sent / 2)
      proxy.cutAll()
    }
    await producer.flush()
    expect(outcomes.errors).toEqual([])
    const stored = await readTopic(direct.client, topic)
    for (const partition of [0, 1]) expect(valuesOf(stored, partition)).toEqual(expected(3000, partition))
  })

  test('gives up a broker that does not answer, and sends again what it did not acknowledge', async () => {
    const topic = await direct.topic(2)
    const producer = through({ requestTimeoutMs: 300 }).producer({ batchSize: 256, lingerMs: 0 })
    const outcomes = new Outcomes()
    let swallowed = 0
    proxy.setFate(({ api, index }) => {
      if (api !== 'Produce' || index % 40 !== 7 || swallowed === 3) return 'pass'
      swallowed++
      return 'swallow'
    })
    await sendAll(producer, toTwoPartitions(topic, 1000), outcomes)
    await producer.flush()
    expect(outcomes.errors).toEqual([])
    const stored = await readTopic(direct.client, topic)
    for (const partition of [0, 1]) expect(valuesOf(stored, partition)).toEqual(expected(1000, partition))
  })

  test('fails what cannot be delivered in time in Java’s words, and goes on in order afterwards', async () => {
    const topic = await direct.topic(1)
    const producer = through({ requestTimeoutMs: 200 }).producer({ lingerMs: 0, deliveryTimeoutMs: 600 })
    const outcomes = new Outcomes()
    const send = (value: string): Promise<unknown> =>
      sendAll(producer, [record(topic, { value: Buffer.from(value) })], outcomes)
    await send('before')
    await producer.flush()
    // The broker stores it, but nobody hears of it.
    proxy.setFate(({ api }) => (api === 'Produce' ? 'lose answer' : 'pass'))
    await send('stored unheard')
    await waitUntil('it has failed', () => outcomes.errors.length === 1)
    proxy.setFate(({ api }) => (api === 'Produce' ? 'lose request' : 'pass'))
    await send('never stored')
    await waitUntil('it has failed too', () => outcomes.errors.length === 2)
    for (const error of outcomes.errors) {
      expect(error.errorName).toBe('REQUEST_TIMED_OUT')
      expect(error.message).toMatch(
        new RegExp(`^Expiring 1 record\\(s\\) for ${topic}-0:\\d+ ms has passed since batch creation$`),
      )
    }
    proxy.setFate(() => 'pass')
    for (const value of ['a', 'b', 'c']) await send(value)
    await producer.flush()
    expect(outcomes.errors).toHaveLength(2)
    const stored = (await readTopic(direct.client, topic)).map(({ value }) => value)
    expect(stored).toEqual(['before', 'stored unheard', 'a', 'b', 'c'])
  })

  test.each([1, 2, 3])('reads every record once and in order while fetches get lost (seed %i)', async (seed) => {
    const topic = await direct.topic(2)
    const tps: TopicPartition[] = [0, 1].map((partition) => ({ topic, partition }))
    const values = Array.from({ length: 2000 }, (_, i) => `v${i}`)
    for (const tp of tps) await produce(direct.client, tp, values)
    proxy.setFate(striking(['Fetch', 'ListOffsets', 'Metadata'], seed, ['lose request', 'lose answer']))
    const consumer = through({ requestTimeoutMs: 500 }).consumer({
      offsetReset: 'earliest',
      maxPartitionFetchBytes: 700,
    })
    consumer.assign(tps)
    const records = await pollRecords(consumer, 4000, 37)
    for (const partition of [0, 1]) expect(valuesOf(records, partition)).toEqual(values)
  })

  test('reads on when a broker falls silent and comes back', async () => {
    const topic = await direct.topic(1)
    const tp = { topic, partition: 0 }
    const consumer = through({ requestTimeoutMs: 200 }).consumer({ offsetReset: 'earliest', fetchMaxWaitMs: 50 })
    consumer.assign([tp])
    await produce(direct.client, tp, ['before'])
    expect((await pollRecords(consumer, 1)).map(({ value }) => value)).toEqual(['before'])
    let swallowed = 0
    proxy.setFate(({ api }) => {
      if (api === 'Fetch') swallowed++
      return 'swallow'
    })
    await waitUntil('a fetch is swallowed', () => swallowed > 0)
    await produce(direct.client, tp, ['meanwhile'])
    expect((await consumer.poll(300, 10)).flatMap(copyBatch)).toEqual([])
    proxy.setFate(() => 'pass')
    expect((await pollRecords(consumer, 1)).map(({ value }) => value)).toEqual(['meanwhile'])
  })

  test('delivers no corrupt record: it says where one is, and goes on there when it is whole again', async () => {
    const topic = await direct.topic(1)
    const tp = { topic, partition: 0 }
    await produce(direct.client, tp, ['a', 'b'])
    let isWhole = false
    proxy.setFate(({ api }) => (api === 'Fetch' && !isWhole ? 'corrupt answer' : 'pass'))
    const consumer = through().consumer({ offsetReset: 'earliest' })
    consumer.assign([tp])
    for (let times = 0; times < 2; times++) {
      await expect(consumer.poll(5000, 10)).rejects.toMatchObject({
        errorName: 'CORRUPT_MESSAGE',
        message: expect.stringContaining(`Fetching from ${topic}-0 at offset 0: Record batch at offset 0`),
      })
    }
    isWhole = true
    expect((await pollRecordsPastErrors(consumer, 2)).map(({ value }) => value)).toEqual(['a', 'b'])
  })

  test('commits although answers of the coordinator get lost', async () => {
    const topic = await direct.topic(1)
    const groupId = unique('group')
    const tp = { topic, partition: 0 }
    const consumer = through().consumer()
    for (const fate of ['lose request', 'lose answer'] as const) {
      let isStruck = false
      proxy.setFate(({ api }) => {
        if (isStruck || api !== 'OffsetCommit') return 'pass'
        isStruck = true
        return fate
      })
      const offset = fate === 'lose request' ? 5 : 6
      await consumer.commit([{ ...tp, offset }], { groupId })
      expect((await consumer.committed(groupId, [tp])).get(partitionKey(tp))).toBe(offset)
    }
  })

  const timeouts = { sessionTimeoutMs: 6000, heartbeatIntervalMs: 100, rebalanceTimeoutMs: 20_000 }

  test('stays in its generation when connections to the coordinator are cut', async () => {
    const topic = await direct.topic(1)
    const events: string[] = []
    const member = through().consumerGroupMember({
      groupId: unique('group'),
      topics: [topic],
      ...timeouts,
      onAssigned: async () => void events.push('assigned'),
      onRevoked: async () => void events.push('revoked'),
      onLost: async () => void events.push('lost'),
    })
    await member.start()
    for (let i = 0; i < 3; i++) {
      proxy.cutAll()
      const cutAtMs = performance.now()
      await waitUntil('the lease is renewed', () => (member.lease()?.renewedAtMs ?? 0) > cutAtMs)
    }
    expect(events).toEqual(['assigned'])
    await member.leave('done')
  })

  test('loses its partitions to another only after its lease has run out, and learns of it', async () => {
    const topic = await direct.topic(2)
    const groupId = unique('group')
    const events: string[] = []
    const cutOff = through({ requestTimeoutMs: 1000 }).consumerGroupMember({
      groupId,
      topics: [topic],
      ...timeouts,
      onAssigned: async (partitions) => void events.push(`assigned ${partitions.length}`),
      onRevoked: async (partitions) => void events.push(`revoked ${partitions.length}`),
      onLost: async (partitions, reason) => void events.push(`lost ${partitions.length} ${reason.errorName}`),
    })
    await cutOff.start()
    proxy.setFate(() => 'swallow')
    const lastLease = cutOff.lease()!
    let takenOverAtMs = 0
    const other = direct.client.consumerGroupMember({
      groupId,
      topics: [topic],
      ...timeouts,
      async onAssigned(partitions) {
        if (partitions.length === 2) takenOverAtMs ||= performance.now()
      },
      async onRevoked() {},
      async onLost() {},
    })
    await other.start()
    await waitUntil('the other has all', () => takenOverAtMs > 0)
    // I6: by the time the other starts, the one that was cut off knows that it must have stopped.
    expect(takenOverAtMs).toBeGreaterThanOrEqual(lastLease.expiresAtMs)
    expect(cutOff.lease()!.expiresAtMs).toBeLessThanOrEqual(takenOverAtMs)
    proxy.setFate(() => 'pass')
    await waitUntil('both share', () => cutOff.assignment().length === 1 && other.assignment().length === 1)
    expect(events.slice(0, 2)).toEqual(['assigned 2', 'lost 2 UNKNOWN_MEMBER_ID'])
    await cutOff.leave('done')
    await other.leave('done')
  })

  test('finds the cluster through whichever bootstrap server answers', async () => {
    const client = through({ bootstrapServers: ['127.0.0.1:1', proxy.bootstrapServers] })
    expect((await client.admin().describeCluster()).brokers).toHaveLength(1)
  })
}
