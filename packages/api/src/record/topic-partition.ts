/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A position in a partition of a topic. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number
}
