import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode } from '../errors/kafka-error.ts'
import type { KafkaError } from '../errors/kafka-error.ts'
import type { PartitionInfo, TopicInfo } from '../ports.ts'
import { zeroUuid } from '../protocol/field-defaults.ts'
import type { Messages } from '../protocol/api-table.ts'

/** A topic as the cache keeps it: partitions stand at their own index. */
export interface TopicMetadata extends TopicInfo {
  readonly topicId: string
  /** By the monotonic clock. */
  readonly fetchedAtMs: number
}

type TopicResponse = Messages['Metadata']['response']['topics'][number]

/** What a broker answered about one topic, or the error that it answered. */
export function readTopic(topic: TopicResponse, nowMs: number): TopicMetadata | KafkaError {
  const name = topic.name ?? topic.topicId
  if (topic.errorCode !== errorCode.NONE) return errorFromCode(topic.errorCode, `Asking for metadata of topic ${name}`)
  const partitions = topic.partitions
    .map((partition) => ({
      partition: partition.partitionIndex,
      leader: partition.leaderId,
      leaderEpoch: partition.leaderEpoch,
      replicas: partition.replicaNodes,
      isr: partition.isrNodes,
    }))
    .sort((a, b) => a.partition - b.partition)
  return { name, topicId: topic.topicId, isInternal: topic.isInternal, partitions, fetchedAtMs: nowMs }
}

/**
 * What to keep of what is known and what was just answered. A broker that lags behind may still name an old leader:
 * a partition never goes back to an older leader epoch, unless the topic was made anew.
 */
export function mergeTopic(known: TopicMetadata | undefined, answered: TopicMetadata): TopicMetadata {
  const sameTopic = known !== undefined && (known.topicId === answered.topicId || answered.topicId === zeroUuid)
  if (known === undefined || !sameTopic) return answered
  const newest = (partition: PartitionInfo): PartitionInfo => {
    const before = known.partitions[partition.partition]
    return before !== undefined && before.leaderEpoch > partition.leaderEpoch ? before : partition
  }
  return { ...answered, partitions: answered.partitions.map(newest) }
}
