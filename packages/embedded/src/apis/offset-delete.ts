import { decodeConsumerSubscription, errorCode, KafkaError } from '@sluice/kafka/protocol'
import type { Group } from '../groups/group.ts'
import { metadataFor } from '../groups/group.ts'
import type { Handler } from './handler.ts'

/** Forgets committed offsets, except of topics that members of the group read. */
export const handleOffsetDelete: Handler<'OffsetDelete'> = (broker, request) => {
  const group = broker.groups.get(request.groupId)
  if (group === undefined) return { errorCode: errorCode.GROUP_ID_NOT_FOUND, topics: [] }
  const subscribed = subscribedTopics(group)
  if (subscribed === null) return { errorCode: errorCode.NON_EMPTY_GROUP, topics: [] }
  const isKept = (topic: string, partition: number): number => {
    if (broker.topics.log(topic, partition) === undefined) return errorCode.UNKNOWN_TOPIC_OR_PARTITION
    return subscribed.has(topic) ? errorCode.GROUP_SUBSCRIBED_TO_TOPIC : errorCode.NONE
  }
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: isKept(name, partitionIndex) })),
  }))
  const gone = topics.flatMap(({ name, partitions }) =>
    partitions.filter((p) => p.errorCode === errorCode.NONE).map((p) => [name, p.partitionIndex] as const),
  )
  if (broker.groups.forgetOffsets(request.groupId, gone)) return { errorCode: errorCode.NONE, topics }
  return { errorCode: errorCode.NOT_COORDINATOR, topics: [] }
}

/** The topics that members read; null for a group with members that are not consumers: nobody knows what they read. */
function subscribedTopics(group: Group): Set<string> | null {
  const topics = new Set<string>()
  if (group.members.size > 0 && group.protocolType !== 'consumer') return null
  try {
    for (const member of group.members.values()) {
      const metadata = metadataFor(member, group.protocolName)
      for (const topic of decodeConsumerSubscription(Buffer.from(metadata)).topics) topics.add(topic)
    }
    return topics
  } catch (error) {
    if (error instanceof KafkaError) return null
    throw error
  }
}
