import { errorCode } from '@sluice/kafka/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { recordingLog } from './support/batches.ts'
import { commitRequest } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let broker: EmbeddedBroker
let client: WireClient
const log = recordingLog()
beforeAll(async () => {
  broker = await startEmbeddedBroker({ defaultPartitions: 3, log })
  client = await WireClient.open(broker.port)
})
afterAll(async () => {
  client.close()
  await broker.close()
})

interface Wish {
  readonly name: string
  readonly numPartitions?: number
  readonly replicationFactor?: number
  readonly configs?: readonly { readonly name: string; readonly value: string }[]
  readonly assignments?: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[]
}

async function create(wish: Wish, validateOnly = false): Promise<{ errorCode: number; errorMessage: string | null }> {
  const topic = { numPartitions: -1, replicationFactor: -1, assignments: [], configs: [], ...wish }
  const { topics } = await client.call('CreateTopics', 7, { topics: [topic], validateOnly })
  return topics[0]!
}

describe('a topic', () => {
  it('is created when metadata is asked for it, unless that is unwanted', async () => {
    const unwanted = await client.call('Metadata', 9, { topics: [{ name: 'auto' }], allowAutoTopicCreation: false })
    expect(unwanted.topics[0]!.errorCode).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION)
    const wanted = await client.call('Metadata', 12, { topics: [{ name: 'auto' }] })
    expect(wanted.topics[0]).toMatchObject({ errorCode: 0, name: 'auto' })
    expect(wanted.topics[0]!.partitions).toHaveLength(3)
    const byId = await client.call('Metadata', 12, { topics: [{ name: null, topicId: wanted.topics[0]!.topicId }] })
    expect(byId.topics[0]!.name).toBe('auto')
  })

  it('is refused under a name that is none', async () => {
    for (const name of ['', '.', 'a b', 'ü', 'x'.repeat(250)]) {
      const { topics } = await client.call('Metadata', 9, { topics: [{ name }] })
      expect(topics[0]!.errorCode).toBe(errorCode.INVALID_TOPIC_EXCEPTION)
      expect((await create({ name })).errorCode).toBe(errorCode.INVALID_TOPIC_EXCEPTION)
    }
  })

  it('is not created for metadata under the names of Kafka’s own topics', async () => {
    const { topics } = await client.call('Metadata', 9, { topics: [{ name: '__consumer_offsets' }] })
    expect(topics[0]!.errorCode).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('is refused in Kafka’s words when it cannot be as it is wanted', async () => {
    await create({ name: 'taken.name' })
    expect(await create({ name: 'taken.name' })).toMatchObject({
      errorCode: errorCode.TOPIC_ALREADY_EXISTS,
      errorMessage: `Topic 'taken.name' already exists.`,
    })
    expect(await create({ name: 'taken_name' })).toMatchObject({
      errorCode: errorCode.INVALID_TOPIC_EXCEPTION,
      errorMessage: `Topic 'taken_name' collides with existing topic: taken.name`,
    })
    expect((await create({ name: 'n', numPartitions: 0 })).errorCode).toBe(errorCode.INVALID_PARTITIONS)
    expect((await create({ name: 'n', replicationFactor: 3 })).errorMessage).toBe(
      'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.',
    )
    expect((await create({ name: 'n', configs: [{ name: 'x', value: '1' }] })).errorCode).toBe(errorCode.INVALID_CONFIG)
    expect((await create({ name: 'n', assignments: [{ partitionIndex: 0, brokerIds: [2] }] })).errorCode).toBe(
      errorCode.INVALID_REPLICA_ASSIGNMENT,
    )
    expect((await create({ name: 'n' }, true)).errorCode).toBe(0)
    expect(
      (await client.call('Metadata', 9, { topics: [{ name: 'n' }], allowAutoTopicCreation: false })).topics[0],
    ).toMatchObject({
      errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION,
    })
  })

  it('shows its settings, changed ones as its own, and says of those without effect that they have none', async () => {
    await create({ name: 'configured', configs: [{ name: 'cleanup.policy', value: 'compact' }] })
    expect(log.messages.some((m) => m.includes('does not act on them'))).toBe(true)
    const alter = async (name: string, configOperation: number, value: string | null): Promise<number> => {
      const resources = [{ resourceType: 2, resourceName: 'configured', configs: [{ name, configOperation, value }] }]
      const { responses } = await client.call('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
      return responses[0]!.errorCode
    }
    const read = async (name: string): Promise<[string | null, number]> => {
      const resources = [{ resourceType: 2, resourceName: 'configured', configurationKeys: [name] }]
      const { results } = await client.call('DescribeConfigs', 4, { resources, includeSynonyms: false })
      const [entry] = results[0]!.configs
      return [entry!.value, entry!.configSource]
    }
    expect(await read('cleanup.policy')).toEqual(['compact', 1])
    expect(await read('retention.ms')).toEqual(['604800000', 5])
    expect(await alter('cleanup.policy', 2, 'delete')).toBe(0)
    expect(await read('cleanup.policy')).toEqual(['compact,delete', 1])
    expect(await alter('cleanup.policy', 3, 'compact')).toBe(0)
    expect(await read('cleanup.policy')).toEqual(['delete', 1])
    expect(await alter('cleanup.policy', 1, null)).toBe(0)
    expect(await read('cleanup.policy')).toEqual(['delete', 5])
    expect(await alter('retention.ms', 0, 'soon')).toBe(errorCode.INVALID_CONFIG)
    expect(await alter('retention.ms', 2, '1')).toBe(errorCode.INVALID_CONFIG)
  })

  it('is deleted with what groups have committed for it', async () => {
    await create({ name: 'doomed' })
    await client.call('OffsetCommit', 8, commitRequest('g', 'doomed', 0, 5))
    const { responses } = await client.call('DeleteTopics', 6, {
      topics: [{ name: 'doomed', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }],
      timeoutMs: 100,
    })
    expect(responses[0]!.errorCode).toBe(0)
    await create({ name: 'doomed' })
    const { groups } = await client.call('OffsetFetch', 8, { groups: [{ groupId: 'g', topics: null }] })
    expect(groups[0]!.topics).toEqual([])
  })

  it('may get more partitions and never fewer', async () => {
    await create({ name: 'growing', numPartitions: 2 })
    const grow = async (count: number): Promise<number> => {
      const topics = [{ name: 'growing', count, assignments: null }]
      const { results } = await client.call('CreatePartitions', 3, { topics, timeoutMs: 100, validateOnly: false })
      return results[0]!.errorCode
    }
    expect([await grow(1), await grow(2), await grow(4)]).toEqual([
      errorCode.INVALID_PARTITIONS,
      errorCode.INVALID_PARTITIONS,
      0,
    ])
    const { topics } = await client.call('Metadata', 9, { topics: [{ name: 'growing' }] })
    expect(topics[0]!.partitions).toHaveLength(4)
  })
})
