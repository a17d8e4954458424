import { errorCode } from '@sluice/kafka/protocol'
import { touchSession, type Group } from './group.ts'
import { checkClaim, type MemberClaim } from './sync-group.ts'

/** A member shows that it lives, and learns whether it has to join again. */
export function heartbeat(group: Group, claim: MemberClaim, now: number): number {
  const code = checkClaim(group, claim)
  if (code !== errorCode.NONE) return code
  const member = group.members.get(claim.memberId)
  if (member !== undefined && !member.isNew) touchSession(member, now)
  return group.state === 'PreparingRebalance' ? errorCode.REBALANCE_IN_PROGRESS : errorCode.NONE
}

/**
 * Whether offsets may be committed under this claim. Without a generation they may only while nobody is in the group:
 * that is what consumers with partitions of their own and admin tools do.
 */
export function checkCommit(group: Group, claim: MemberClaim, now: number): number {
  const anonymous = claim.generation < 0 && claim.memberId === '' && claim.instanceId === null
  if (claim.generation < 0 && group.members.size === 0 && group.state === 'Empty') return errorCode.NONE
  if (anonymous) return errorCode.UNKNOWN_MEMBER_ID
  const code = checkClaim(group, claim)
  if (code !== errorCode.NONE) return code
  // Between generations nobody owns anything yet: the member first fetches its assignment.
  if (group.state === 'CompletingRebalance') return errorCode.REBALANCE_IN_PROGRESS
  const member = group.members.get(claim.memberId)
  if (member !== undefined) touchSession(member, now)
  return errorCode.NONE
}
