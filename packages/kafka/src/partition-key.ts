import type { TopicPartition } from '@sluice/api'

/** The key of a partition in an OffsetMap: `topic-partition`, as Kafka prints it. Unambiguous: the last `-` divides. */
export function partitionKey(partition: TopicPartition): string {
  return `${partition.topic}-${partition.partition}`
}
