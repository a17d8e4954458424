import type { TopicPartition } from '@sluice/api'

/** Groups what belongs to partitions by topic, in the shape of most requests. */
export function byTopic<P extends TopicPartition, T>(
  partitions: readonly P[],
  toEntry: (partition: P) => T,
): [topic: string, entries: T[]][] {
  const topics = new Map<string, T[]>()
  for (const partition of partitions) {
    const entries = topics.get(partition.topic) ?? []
    topics.set(partition.topic, entries)
    entries.push(toEntry(partition))
  }
  return [...topics]
}
