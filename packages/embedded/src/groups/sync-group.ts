import { errorCode } from '@sluice/kafka/protocol'
import { noBytes, touchSession, type Group, type Member, type Step } from './group.ts'
import { answerSync } from './rebalance.ts'

/** What every request of a member carries to show that it belongs to the generation. */
export interface MemberClaim {
  readonly memberId: string
  readonly generation: number
  readonly instanceId: string | null
}

/** A SyncGroup, freed of its version. */
export interface SyncRequest extends MemberClaim {
  readonly ticket: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[]
}

/** A member asks for its assignment; the leader brings all of them. */
export function syncGroup(group: Group, request: SyncRequest, step: Step): void {
  const code = syncRefusal(group, request)
  const member = group.members.get(request.memberId)
  if (code !== errorCode.NONE || member === undefined) {
    const result = { errorCode: code, protocolType: null, protocolName: null, assignment: noBytes }
    step.actions.push({ type: 'answer-sync', ticket: request.ticket, result })
    return
  }
  answerSync(group, member, errorCode.REBALANCE_IN_PROGRESS, step)
  member.syncTicket = request.ticket
  member.hasSynced = true
  touchSession(member, step.now)
  if (group.state === 'Stable') answerSync(group, member, errorCode.NONE, step)
  else if (group.leaderId === member.memberId) becomeStable(group, request, step)
}

function becomeStable(group: Group, request: SyncRequest, step: Step): void {
  const byMember = new Map(request.assignments.map((a) => [a.memberId, a.assignment]))
  for (const member of group.members.values()) member.assignment = byMember.get(member.memberId) ?? noBytes
  group.state = 'Stable'
  step.actions.push({ type: 'store' })
  for (const member of group.members.values()) answerSync(group, member, errorCode.NONE, step)
}

function syncRefusal(group: Group, request: SyncRequest): number {
  const claim = checkClaim(group, request)
  if (claim !== errorCode.NONE) return claim
  const otherType = request.protocolType !== null && request.protocolType !== group.protocolType
  const otherName = request.protocolName !== null && request.protocolName !== group.protocolName
  if (otherType || otherName) return errorCode.INCONSISTENT_GROUP_PROTOCOL
  return group.state === 'PreparingRebalance' ? errorCode.REBALANCE_IN_PROGRESS : errorCode.NONE
}

/** Whether the claim is that of a member of the current generation. */
export function checkClaim(group: Group, claim: MemberClaim): number {
  const member = findMember(group, claim)
  if (typeof member === 'number') return member
  return claim.generation === group.generation ? errorCode.NONE : errorCode.ILLEGAL_GENERATION
}

/** The member of this id, or the error that it is told. A static member that was replaced is fenced. */
export function findMember(group: Group, claim: Omit<MemberClaim, 'generation'>): Member | number {
  if (group.state === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE
  if (claim.instanceId !== null) {
    const owner = group.staticMembers.get(claim.instanceId)
    if (owner === undefined) return errorCode.UNKNOWN_MEMBER_ID
    if (owner !== claim.memberId) return errorCode.FENCED_INSTANCE_ID
  }
  return group.members.get(claim.memberId) ?? errorCode.UNKNOWN_MEMBER_ID
}
