import { apis, errorCode, offeredVersions, type ApiName, type Messages } from '@sluice/kafka/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { batchOf } from './support/batches.ts'
import { commitRequest, fetchRequest, produceRequest, sampleRequests } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let broker: EmbeddedBroker
let client: WireClient
beforeAll(async () => {
  broker = await startEmbeddedBroker({ defaultPartitions: 2 })
  client = await WireClient.open(broker.port)
  await client.call('Metadata', 9, { topics: [{ name: 't' }] })
  await client.call('Produce', 9, produceRequest('t', 0, batchOf(['first'])))
  await client.call('OffsetCommit', 8, commitRequest('g', 't', 0, 1))
})
afterAll(async () => {
  client.close()
  await broker.close()
})

/** Error codes that the sample requests call forth on purpose. */
const expectedErrors: Readonly<Record<string, readonly number[]>> = {
  Heartbeat: [errorCode.UNKNOWN_MEMBER_ID],
  SyncGroup: [errorCode.UNKNOWN_MEMBER_ID],
  LeaveGroup: [errorCode.UNKNOWN_MEMBER_ID],
  JoinGroup: [errorCode.MEMBER_ID_REQUIRED],
  DeleteTopics: [errorCode.UNKNOWN_TOPIC_OR_PARTITION],
  DeleteGroups: [errorCode.GROUP_ID_NOT_FOUND],
  DescribeConfigs: [errorCode.INVALID_REQUEST],
}

/** Every error code anywhere in a body. */
function errorCodes(body: unknown): number[] {
  if (Array.isArray(body)) return body.flatMap(errorCodes)
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return []
  return Object.entries(body).flatMap(([key, value]) =>
    key === 'errorCode' && typeof value === 'number' && value !== 0 ? [value] : errorCodes(value),
  )
}

const versions = apis.flatMap((api) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => [api.name, api.minVersion + i] as const),
)

/** Requests for what is not there, or not possible. */
const hopeless: { readonly [N in ApiName]?: (version: number) => Messages[N]['requestInput'] | null } = {
  Produce: () => produceRequest('nope', 0, batchOf(['a'])),
  Fetch: () => fetchRequest('nope', 0, 0, { maxWaitMs: 60_000, minBytes: 1 }),
  ListOffsets: () => ({
    replicaId: -1,
    topics: [{ name: 'nope', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
  }),
  Metadata: (v) => ({ topics: [v < 10 ? { name: 'a b' } : { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }] }),
  OffsetCommit: () => commitRequest('g', 'nope', 0, 1),
  FindCoordinator: (v) =>
    v < 4 ? { key: '', ...(v >= 1 ? { keyType: 1 } : {}) } : { keyType: 1, coordinatorKeys: ['g'] },
  JoinGroup: () => ({ groupId: '', sessionTimeoutMs: 1, memberId: 'x', protocolType: 'consumer', protocols: [] }),
  Heartbeat: () => ({ groupId: '', generationId: 1, memberId: 'x' }),
  SyncGroup: () => ({ groupId: 'nope', generationId: 1, memberId: 'x', assignments: [] }),
  LeaveGroup: (v) => ({ groupId: 'nope', ...(v < 3 ? { memberId: 'x' } : { members: [{ memberId: 'x' }] }) }),
  CreateTopics: () => ({
    topics: [{ name: 'a b', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    validateOnly: false,
  }),
  DeleteTopics: (v) =>
    v < 6
      ? { topicNames: ['nope'], timeoutMs: 1 }
      : { topics: [{ name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }], timeoutMs: 1 },
  DeleteRecords: () => ({ topics: [{ name: 'nope', partitions: [{ partitionIndex: 0, offset: 0 }] }], timeoutMs: 1 }),
  InitProducerId: () => ({ transactionalId: 'x', transactionTimeoutMs: 1 }),
  OffsetForLeaderEpoch: () => ({
    topics: [{ topic: 'nope', partitions: [{ partition: 0, currentLeaderEpoch: 0, leaderEpoch: 0 }] }],
  }),
  DescribeConfigs: () => ({
    resources: [{ resourceType: 2, resourceName: 'nope', configurationKeys: null }],
    includeSynonyms: false,
  }),
  CreatePartitions: () => ({
    topics: [{ name: 'nope', count: 3, assignments: null }],
    timeoutMs: 1,
    validateOnly: false,
  }),
  DeleteGroups: () => ({ groupsNames: ['nope'] }),
  IncrementalAlterConfigs: () => ({
    resources: [{ resourceType: 4, resourceName: '1', configs: [] }],
    validateOnly: false,
  }),
  OffsetDelete: () => ({ groupId: 'nope', topics: [] }),
}

describe('every version of every API', () => {
  it.each(versions)('%s %i is answered in that version', async (name, version) => {
    const body = await client.call(name, version, sampleRequests[name](version))
    const allowed = expectedErrors[name] ?? []
    expect(errorCodes(body).filter((code) => !allowed.includes(code))).toEqual([])
  })

  it.each(versions.filter(([name]) => name in hopeless))(
    '%s %i tells of errors in that version',
    async (name, version) => {
      const request = hopeless[name]?.(version) ?? {}
      const body = await client.call(name, version, request as Messages[typeof name]['requestInput'])
      expect(errorCodes(body)).toHaveLength(1)
    },
  )

  it('is offered', async () => {
    const { apiKeys } = await client.call('ApiVersions', 2, {})
    expect(apiKeys).toEqual(offeredVersions)
  })
})
