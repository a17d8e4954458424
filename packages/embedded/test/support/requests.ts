import type { ApiName, Messages } from '@sluice/kafka/protocol'
import { batchOf } from './batches.ts'

/** One sensible request of every API, in every version of it. Topic `t` exists; so does group `g`, empty. */
export const sampleRequests: { readonly [N in ApiName]: (version: number) => Messages[N]['requestInput'] } = {
  Produce: () => produceRequest('t', 0, batchOf(['a', 'b'])),
  Fetch: (v) => ({
    ...fetchRequest('t', 0, 0),
    ...(v >= 7 ? { sessionEpoch: -1, forgottenTopicsData: [] } : {}),
    ...(v >= 11 ? { rackId: '' } : {}),
  }),
  ListOffsets: (v) => ({
    replicaId: -1,
    ...(v >= 2 ? { isolationLevel: 0 } : {}),
    topics: [{ name: 't', partitions: [-1, -2, 0].map((timestamp) => ({ partitionIndex: 0, timestamp })) }],
  }),
  Metadata: (v) => ({ topics: v === 0 ? [] : null }),
  OffsetCommit: () => commitRequest('g', 't', 0, 1),
  OffsetFetch: (v) =>
    v < 8
      ? { groupId: 'g', topics: [{ name: 't', partitionIndexes: [0, 7] }] }
      : { groups: [{ groupId: 'g', topics: v === 8 ? null : [{ name: 't', partitionIndexes: [0, 7] }] }] },
  FindCoordinator: (v) =>
    v < 4 ? { key: 'g', ...(v >= 1 ? { keyType: 0 } : {}) } : { keyType: 0, coordinatorKeys: ['g', 'h'] },
  JoinGroup: (v) => ({
    groupId: `joined-${v}`,
    sessionTimeoutMs: 10_000,
    ...(v >= 1 ? { rebalanceTimeoutMs: 10_000 } : {}),
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('m') }],
  }),
  Heartbeat: () => ({ groupId: 'g', generationId: 1, memberId: 'nobody' }),
  LeaveGroup: (v) =>
    v < 3 ? { groupId: 'g', memberId: 'nobody' } : { groupId: 'g', members: [{ memberId: 'nobody' }] },
  SyncGroup: () => ({ groupId: 'g', generationId: 1, memberId: 'nobody', assignments: [] }),
  DescribeGroups: () => ({ groups: ['g', 'no such group'] }),
  ListGroups: () => ({}),
  ApiVersions: (v) => (v < 3 ? {} : { clientSoftwareName: 'wire', clientSoftwareVersion: '1.0' }),
  CreateTopics: (v) => ({
    topics: [{ name: `created-${v}`, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
    validateOnly: false,
  }),
  DeleteTopics: (v) =>
    v < 6
      ? { topicNames: ['no-such-topic'], timeoutMs: 100 }
      : { topics: [{ name: 'no-such-topic', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }], timeoutMs: 100 },
  DeleteRecords: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 0 }] }], timeoutMs: 100 }),
  InitProducerId: () => ({ transactionalId: null, transactionTimeoutMs: 1_000 }),
  OffsetForLeaderEpoch: (v) => ({
    ...(v >= 3 ? { replicaId: -1 } : {}),
    topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: 0, leaderEpoch: 0 }] }],
  }),
  DescribeConfigs: () => ({
    resources: [
      { resourceType: 2, resourceName: 't', configurationKeys: null },
      { resourceType: 4, resourceName: '1', configurationKeys: ['num.partitions'] },
      { resourceType: 8, resourceName: '1', configurationKeys: null },
    ],
    includeSynonyms: true,
  }),
  CreatePartitions: (v) => ({
    topics: [{ name: 't', count: 3 + v, assignments: null }],
    timeoutMs: 100,
    validateOnly: false,
  }),
  DeleteGroups: () => ({ groupsNames: ['no such group'] }),
  IncrementalAlterConfigs: () => ({
    resources: [
      {
        resourceType: 2,
        resourceName: 't',
        configs: [{ name: 'cleanup.policy', configOperation: 2, value: 'compact' }],
      },
    ],
    validateOnly: false,
  }),
  OffsetDelete: () => ({ groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 1 }] }] }),
  DescribeCluster: () => ({ includeClusterAuthorizedOperations: false }),
}

/** A Produce of one batch, waiting for it to be stored. */
export function produceRequest(
  topic: string,
  partition: number,
  records: Buffer,
  acks = -1,
): Messages['Produce']['requestInput'] {
  return {
    acks,
    timeoutMs: 1_000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
  }
}

/** A Fetch of one partition that does not wait. */
export function fetchRequest(
  topic: string,
  partition: number,
  offset: number,
  wait: { readonly maxWaitMs: number; readonly minBytes: number } = { maxWaitMs: 0, minBytes: 1 },
): Messages['Fetch']['requestInput'] {
  return {
    replicaId: -1,
    ...wait,
    maxBytes: 50_000_000,
    isolationLevel: 0,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: 1_000_000 }] }],
  }
}

/** A commit of one offset without a generation. */
export function commitRequest(
  groupId: string,
  topic: string,
  partition: number,
  offset: number,
): Messages['OffsetCommit']['requestInput'] {
  return {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [
      { name: topic, partitions: [{ partitionIndex: partition, committedOffset: offset, committedMetadata: null }] },
    ],
  }
}
