import type { TopicPartition } from '@sluice/api'

/** What the leader knows of one member of a consumer group. */
export interface SubscribedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly topics: readonly string[]
}

/**
 * Divides the partitions of each topic among the members that subscribed to it, in consecutive ranges, exactly as
 * Apache's RangeAssignor without racks: members in a group with Java members may be leader in turn. Every member has an
 * entry; topics that are not in `partitionCounts` are not there yet and give nothing.
 */
export function assignRanges(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly SubscribedMember[],
): Map<string, TopicPartition[]> {
  const assignment = new Map<string, TopicPartition[]>(members.map((member) => [member.memberId, []]))
  const ordered = [...members].sort(compareMembers)
  for (const topic of [...partitionCounts.keys()].sort()) {
    const subscribers = ordered.filter((member) => member.topics.includes(topic))
    const count = partitionCounts.get(topic) ?? 0
    let next = 0
    for (const [index, member] of subscribers.entries()) {
      const share = Math.floor(count / subscribers.length) + (index < count % subscribers.length ? 1 : 0)
      for (const end = next + share; next < end; next++)
        assignment.get(member.memberId)?.push({ topic, partition: next })
    }
  }
  return assignment
}

/** Static members stand before the others, by instance id; the others follow by member id. */
function compareMembers(a: SubscribedMember, b: SubscribedMember): number {
  if (a.groupInstanceId !== null && b.groupInstanceId !== null) return compare(a.groupInstanceId, b.groupInstanceId)
  if (a.groupInstanceId !== null) return -1
  return b.groupInstanceId === null ? compare(a.memberId, b.memberId) : 1
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
