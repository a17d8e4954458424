import type { TopicPartition } from '@sluice/api'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode } from '../errors/kafka-error.ts'
import { byTopic } from '../by-topic.ts'
import { partitionKey } from '../partition-key.ts'
import type { CommitOffset, GroupGeneration, OffsetMap, PartitionResults } from '../ports.ts'
import type { Messages } from '../protocol/api-table.ts'
import type { Coordinator } from './coordinator.ts'

/** On whose behalf offsets are committed: a member under its generation, or the owner of a group without members. */
export type CommitOwner = GroupGeneration | { readonly groupId: string }

const purpose = 'offsets'

/**
 * One attempt to commit, in one request.
 * @throws KafkaError when no partition was answered
 */
export async function commitOffsets(
  coordinator: Coordinator,
  offsets: readonly CommitOffset[],
  owner: CommitOwner,
): Promise<PartitionResults> {
  const member = 'memberId' in owner ? owner : null
  const response = await coordinator.call(
    'OffsetCommit',
    {
      groupId: owner.groupId,
      generationIdOrMemberEpoch: member?.generationId ?? -1,
      memberId: member?.memberId ?? '',
      groupInstanceId: member?.groupInstanceId ?? null,
      topics: byTopic(offsets, (offset) => ({
        partitionIndex: offset.partition,
        committedOffset: offset.offset,
        committedLeaderEpoch: offset.leaderEpoch ?? -1,
        committedMetadata: offset.metadata ?? '',
      })).map(([name, partitions]) => ({ name, partitions })),
    },
    { purpose },
  )
  const results = new Map<string, ReturnType<typeof errorFromCode> | null>()
  for (const { name: topic, partitions } of response.topics) {
    for (const { partitionIndex: partition, errorCode: code } of partitions) {
      const doing = `Committing the offset of ${partitionKey({ topic, partition })} for group ${owner.groupId}`
      const error = code === errorCode.NONE ? null : coordinator.noteError(errorFromCode(code, doing))
      results.set(partitionKey({ topic, partition }), error)
    }
  }
  return results
}

type OffsetFetchTopics = Messages['OffsetFetch']['response']['topics']

/** The committed offsets of these partitions, or of all that the group has (null). Retries until `apiTimeoutMs`. */
export async function fetchOffsets(
  coordinator: Coordinator,
  partitions: readonly TopicPartition[] | null,
): Promise<OffsetMap> {
  const doing = `Fetching the committed offsets of group ${coordinator.groupId}`
  return await coordinator.retrying(doing, async () => {
    const { code, topics } = await askOffsets(coordinator, partitions)
    if (code !== errorCode.NONE) throw coordinator.noteError(errorFromCode(code, doing))
    const offsets = new Map<string, number>()
    for (const topic of topics) {
      for (const partition of topic.partitions) {
        const key = partitionKey({ topic: topic.name, partition: partition.partitionIndex })
        if (partition.errorCode !== errorCode.NONE) {
          throw coordinator.noteError(errorFromCode(partition.errorCode, `${doing}, partition ${key}`))
        }
        if (partition.committedOffset >= 0) offsets.set(key, partition.committedOffset)
      }
    }
    return offsets
  })
}

async function askOffsets(
  coordinator: Coordinator,
  partitions: readonly TopicPartition[] | null,
): Promise<{ readonly code: number; readonly topics: OffsetFetchTopics }> {
  const topics =
    partitions === null
      ? null
      : byTopic(partitions, ({ partition }) => partition).map(([name, partitionIndexes]) => ({
          name,
          partitionIndexes,
        }))
  const { groupId } = coordinator
  const version = await coordinator.versionOf('OffsetFetch', purpose)
  if (version < 8) {
    const old = await coordinator.call(
      'OffsetFetch',
      { groupId, topics, ...(version === 7 ? { requireStable: true } : {}) },
      { purpose },
    )
    return { code: old.errorCode, topics: old.topics }
  }
  const answer = await coordinator.call(
    'OffsetFetch',
    { groups: [{ groupId, topics }], requireStable: true },
    { purpose },
  )
  const group = answer.groups[0]
  return { code: group?.errorCode ?? errorCode.UNKNOWN_SERVER_ERROR, topics: group?.topics ?? [] }
}
