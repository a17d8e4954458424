import type { Group, Step } from './group.ts'
import { completeWithoutMissing, dropMember, isExpired, joinDeadlinePassed } from './rebalance.ts'

/** Does what is due by now: silent members go, a rebalance that has taken long enough ends. */
export function expireGroup(group: Group, step: Step): void {
  for (const [memberId, deadline] of group.pendingMembers)
    if (deadline <= step.now) group.pendingMembers.delete(memberId)
  completeWithoutMissing(group, step)
  for (const member of group.members.values()) if (isExpired(member, step.now)) dropMember(group, member, step)
  if (group.joinDeadline !== null && group.joinDeadline <= step.now) joinDeadlinePassed(group, step)
  if (group.syncDeadline !== null && group.syncDeadline <= step.now) dropUnsynced(group, step)
}

/** Members that joined and never asked for their assignment hold work that nobody does. */
function dropUnsynced(group: Group, step: Step): void {
  group.syncDeadline = null
  for (const member of group.members.values()) if (!member.hasSynced) dropMember(group, member, step)
}

/** When `expireGroup` has something to do next; null while nothing is pending. */
export function nextDeadline(group: Group): number | null {
  let next = Math.min(group.joinDeadline ?? Infinity, group.syncDeadline ?? Infinity)
  for (const deadline of group.pendingMembers.values()) next = Math.min(next, deadline)
  for (const member of group.members.values())
    if (isExpired(member, Infinity)) next = Math.min(next, member.sessionDeadline)
  return next === Infinity ? null : next
}
