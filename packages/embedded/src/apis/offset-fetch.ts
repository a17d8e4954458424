import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import type { CommittedOffset } from '../groups/group-log.ts'
import type { Handler } from './handler.ts'

type TopicRequest = Messages['OffsetFetch']['request']['topics'] extends (infer T)[] | null ? T : never
type TopicAnswer = NonNullable<Messages['OffsetFetch']['responseInput']['topics']>[number]
type GroupAnswer = NonNullable<Messages['OffsetFetch']['responseInput']['groups']>[number]

const firstWithGroups = 8

/** The committed offsets of a group, or of several from version 8 on; all of them where no topics are named. */
export const handleOffsetFetch: Handler<'OffsetFetch'> = (broker, request, call) => {
  if (call.version < firstWithGroups)
    return { errorCode: errorCode.NONE, topics: fetchOffsets(broker, request.groupId, request.topics) }
  return {
    groups: request.groups.map(({ groupId, topics }): GroupAnswer => ({
      groupId,
      topics: fetchOffsets(broker, groupId, topics).map(({ name, partitions }) => ({ name, partitions })),
      errorCode: errorCode.NONE,
    })),
  }
}

function fetchOffsets(broker: Broker, groupId: string, topics: readonly TopicRequest[] | null): TopicAnswer[] {
  const committed = broker.groups.offsets(groupId)
  if (topics === null)
    return [...committed].map(([name, partitions]) => ({
      name,
      partitions: [...partitions].map(([index, offset]) => answer(index, offset)),
    }))
  return topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => answer(index, committed.get(name)?.get(index))),
  }))
}

/** Nothing committed is offset −1, not an error. */
function answer(partitionIndex: number, committed: CommittedOffset | undefined): TopicAnswer['partitions'][number] {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: errorCode.NONE,
  }
}
