import { expect, test } from 'vitest'
import { KafkaError } from '../src/errors/kafka-error.ts'
import { suiteClient, unique } from './support/contract-target.ts'
import type { ContractTarget } from './support/contract-target.ts'
import { Outcomes, record, sendAll } from './support/records.ts'
import { waitUntil } from './support/wait-until.ts'

/** What the admin port promises, over any broker. */
export function adminContract(target: ContractTarget): void {
  const suite = suiteClient(target)
  const hasty = suiteClient(target, { apiTimeoutMs: 200 })

  /** A topic is created, or enlarged, before every broker knows of it. */
  const known = async (topic: string, partitions = 1): Promise<void> => {
    await waitUntil('the topic is known', async () => {
      const described = (await suite.admin.describeTopics([topic])).get(topic)
      return described !== undefined && !(described instanceof KafkaError) && described.partitions.length >= partitions
    })
  }

  test('describes the cluster', async () => {
    const cluster = await suite.admin.describeCluster()
    expect(cluster.clusterId).toMatch(/^\S{10,}$/)
    expect(cluster.brokers.map(({ host, port }) => `${host}:${port}`)).toContain(target.bootstrapServers())
  })

  test('creates, lists, describes, enlarges and deletes topics', async () => {
    const topic = await suite.topic(2)
    await known(topic, 2)
    expect(await suite.admin.listTopics()).toContain(topic)
    const described = (await suite.admin.describeTopics([topic])).get(topic)
    expect(described).toMatchObject({
      name: topic,
      isInternal: false,
      partitions: [{ partition: 0 }, { partition: 1 }],
    })
    await suite.admin.createPartitions(topic, 3)
    await expect(suite.admin.createPartitions(topic, 1)).rejects.toMatchObject({ errorName: 'INVALID_PARTITIONS' })
    await known(topic, 3)
    expect((await suite.admin.deleteTopics([topic])).get(topic)).toBeNull()
    await waitUntil('it is gone', async () => !(await suite.admin.listTopics()).includes(topic))
  })

  test('answers for each topic by itself', async () => {
    const there = await suite.topic(1)
    await known(there)
    const missing = unique('missing')
    const created = await suite.admin.createTopics([{ name: there }, { name: 'not a topic' }, { name: missing }])
    expect(created.get(there)).toMatchObject({ errorName: 'TOPIC_ALREADY_EXISTS' })
    expect(created.get('not a topic')).toMatchObject({ errorName: 'INVALID_TOPIC_EXCEPTION' })
    expect(created.get(missing)).toBeNull()
    const deleted = await suite.admin.deleteTopics([missing, unique('never-there')])
    expect([...deleted.values()].map((error) => error?.errorName)).toEqual(
      expect.arrayContaining([undefined, 'UNKNOWN_TOPIC_OR_PARTITION']),
    )
    const described = await suite.admin.describeTopics([there, unique('never-there')])
    expect([...described.values()].filter((topic) => topic instanceof KafkaError)).toMatchObject([
      { errorName: 'UNKNOWN_TOPIC_OR_PARTITION' },
    ])
  })

  test('describes the configs of topics and brokers, in the order asked', async () => {
    const topic = await suite.topic(1, { 'cleanup.policy': 'compact' })
    const { brokers } = await suite.admin.describeCluster()
    await known(topic)
    const [ofMissing, ofTopic, ofBroker] = await suite.admin.describeConfigs([
      { type: 'topic', name: unique('missing') },
      { type: 'topic', name: topic },
      { type: 'broker', name: String(brokers[0]!.id) },
    ])
    expect(ofMissing).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' })
    expect(ofTopic).toContainEqual(
      expect.objectContaining({ name: 'cleanup.policy', value: 'compact', isDefault: false }),
    )
    expect(Array.isArray(ofBroker)).toBe(true)
  })

  test('finds offsets by time', async () => {
    const topic = await suite.topic(1)
    const producer = suite.client.producer()
    const outcomes = new Outcomes()
    await sendAll(
      producer,
      [1000, 2000, 3000].map((timestamp) => record(topic, { timestamp })),
      outcomes,
    )
    await producer.flush()
    const at = async (time: number | 'earliest' | 'latest'): Promise<number | undefined> =>
      (await suite.admin.listOffsets([{ topic, partition: 0, at: time }])).get(`${topic}-0`)
    expect([await at('earliest'), await at('latest')]).toEqual([0, 3])
    expect([await at(0), await at(1500), await at(2000), await at(3001)]).toEqual([0, 1, 1, undefined])
    await expect(hasty.admin.listOffsets([{ topic, partition: 9, at: 'latest' }])).rejects.toMatchObject({
      errorName: 'REQUEST_TIMED_OUT',
      cause: { errorName: 'UNKNOWN_TOPIC_OR_PARTITION' },
    })
  })

  test('lists, alters and deletes the offsets of a group, and the group itself', async () => {
    const topic = await suite.topic(2)
    const group = unique('group')
    const [first, second] = [
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]
    expect(await suite.admin.listGroupOffsets(group)).toEqual(new Map())
    const altered = await suite.admin.alterGroupOffsets(group, [
      { ...first, offset: 3 },
      { ...second, offset: 4 },
    ])
    expect([...altered.values()]).toEqual([null, null])
    expect(await suite.admin.listGroupOffsets(group)).toEqual(
      new Map([
        [`${topic}-0`, 3],
        [`${topic}-1`, 4],
      ]),
    )
    expect((await suite.admin.listGroups()).map(({ groupId }) => groupId)).toContain(group)
    expect((await suite.admin.describeGroups([group])).get(group)).toMatchObject({ state: 'Empty', members: [] })
    expect([...(await suite.admin.deleteGroupOffsets(group, [first])).values()]).toEqual([null])
    expect(await suite.admin.listGroupOffsets(group)).toEqual(new Map([[`${topic}-1`, 4]]))
    const deleted = await suite.admin.deleteGroups([group, unique('never-there')])
    expect([...deleted.values()].map((error) => error?.errorName)).toEqual([undefined, 'GROUP_ID_NOT_FOUND'])
    expect((await suite.admin.describeGroups([group])).get(group)).toMatchObject({ state: 'Dead' })
  })
}
