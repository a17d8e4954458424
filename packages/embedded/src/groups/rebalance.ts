import { errorCode } from '@sluice/kafka/protocol'
import {
  metadataFor,
  noBytes,
  rebalanceTimeout,
  selectProtocol,
  touchSession,
  type Group,
  type JoinResult,
  type Member,
  type Step,
} from './group.ts'

/** An answer to JoinGroup that carries nothing but the error. */
export function joinError(code: number, memberId: string): JoinResult {
  return {
    errorCode: code,
    memberId,
    generation: -1,
    protocolType: null,
    protocolName: null,
    leaderId: '',
    skipAssignment: false,
    members: [],
  }
}

/** The answer that puts the member into the current generation; the leader gets all members to assign work to. */
export function joinSuccess(group: Group, member: Member): JoinResult {
  const isLeader = group.leaderId === member.memberId
  return {
    errorCode: errorCode.NONE,
    memberId: member.memberId,
    generation: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leaderId: group.leaderId ?? '',
    skipAssignment: false,
    members: isLeader
      ? [...group.members.values()].map((m) => ({
          memberId: m.memberId,
          instanceId: m.instanceId,
          metadata: metadataFor(m, group.protocolName),
        }))
      : [],
  }
}

/** Answers a waiting JoinGroup, if the member has one, and starts its session. */
export function answerJoin(member: Member, result: JoinResult, step: Step): void {
  if (member.joinTicket === null) return
  step.actions.push({ type: 'answer-join', ticket: member.joinTicket, result })
  member.joinTicket = null
  if (result.errorCode === errorCode.NONE) member.isNew = false
  touchSession(member, step.now)
}

/** Answers a waiting SyncGroup, if the member has one, and starts its session. */
export function answerSync(group: Group, member: Member, code: number, step: Step): void {
  if (member.syncTicket === null) return
  const assignment = code === errorCode.NONE ? member.assignment : noBytes
  step.actions.push({
    type: 'answer-sync',
    ticket: member.syncTicket,
    result: { errorCode: code, protocolType: group.protocolType, protocolName: group.protocolName, assignment },
  })
  member.syncTicket = null
  touchSession(member, step.now)
}

/**
 * Begins a rebalance, unless one is under way already. Members learn of it by their heartbeats; those that wait for an
 * assignment of the old generation are told at once.
 */
export function prepareRebalance(group: Group, step: Step): void {
  if (group.state === 'PreparingRebalance' || group.state === 'Dead') return
  if (group.state === 'CompletingRebalance') {
    for (const member of group.members.values()) {
      member.assignment = noBytes
      answerSync(group, member, errorCode.REBALANCE_IN_PROGRESS, step)
    }
  }
  const timeoutMs = rebalanceTimeout(group)
  const delayMs = Math.min(step.timings.initialRebalanceDelayMs, timeoutMs)
  group.syncDeadline = null
  if (group.state === 'Empty' && delayMs > 0) {
    group.initialJoin = { remainingMs: timeoutMs - delayMs, newMemberAdded: false }
    group.joinDeadline = step.now + delayMs
  } else {
    group.joinDeadline = step.now + timeoutMs
  }
  group.state = 'PreparingRebalance'
}

/** Ends the rebalance if nobody is missing. */
export function tryCompleteJoin(group: Group, step: Step): void {
  if (group.state !== 'PreparingRebalance' || group.initialJoin !== null || group.pendingMembers.size > 0) return
  for (const member of group.members.values()) if (member.joinTicket === null) return
  completeJoin(group, step)
}

/** The time for joining is over: an initial delay may be extended for newcomers, else the generation is closed. */
export function joinDeadlinePassed(group: Group, step: Step): void {
  const initial = group.initialJoin
  if (initial !== null && initial.newMemberAdded && initial.remainingMs > 0) {
    const delayMs = Math.min(step.timings.initialRebalanceDelayMs, initial.remainingMs)
    group.initialJoin = { remainingMs: initial.remainingMs - delayMs, newMemberAdded: false }
    group.joinDeadline = step.now + delayMs
    return
  }
  completeJoin(group, step)
}

function completeJoin(group: Group, step: Step): void {
  for (const member of group.members.values())
    if (member.joinTicket === null && member.instanceId === null) removeMember(group, member)
  if (group.members.size === 0) {
    becomeEmpty(group, step)
    return
  }
  group.initialJoin = null
  if (!electLeader(group)) {
    // Only static members, and none of them is back: they keep their place until their sessions end.
    group.joinDeadline = step.now + rebalanceTimeout(group)
    return
  }
  group.joinDeadline = null
  group.generation += 1
  group.protocolName = selectProtocol(group)
  group.state = 'CompletingRebalance'
  group.syncDeadline = step.now + rebalanceTimeout(group)
  for (const member of group.members.values()) {
    member.hasSynced = false
    answerJoin(member, joinSuccess(group, member), step)
  }
}

/** A new, empty generation. Who held work of the old one is fenced by its number. */
export function becomeEmpty(group: Group, step: Step): void {
  group.state = 'Empty'
  group.generation += 1
  group.protocolName = null
  group.leaderId = null
  group.initialJoin = null
  group.joinDeadline = null
  group.syncDeadline = null
  group.emptySince = step.now
  step.actions.push({ type: 'store' })
}

/** The leader stays if it has joined; otherwise the first that has. False if nobody has. */
function electLeader(group: Group): boolean {
  const leader = group.leaderId === null ? undefined : group.members.get(group.leaderId)
  if (leader !== undefined && leader.joinTicket !== null) return true
  for (const member of group.members.values()) {
    if (member.joinTicket === null) continue
    group.leaderId = member.memberId
    return true
  }
  return false
}

/** Takes the member out, without any consequence for the rest. */
export function removeMember(group: Group, member: Member): void {
  group.members.delete(member.memberId)
  if (member.instanceId !== null && group.staticMembers.get(member.instanceId) === member.memberId)
    group.staticMembers.delete(member.instanceId)
  if (group.leaderId === member.memberId) group.leaderId = group.members.keys().next().value ?? null
}

/**
 * The member has left, died or been replaced: whatever it waits for is refused, and the others rebalance. `code` is
 * what its waiting requests are told.
 */
export function dropMember(group: Group, member: Member, step: Step, code: number = errorCode.UNKNOWN_MEMBER_ID): void {
  answerJoin(member, joinError(code, member.memberId), step)
  answerSync(group, member, code, step)
  removeMember(group, member)
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(group, step)
  completeWithoutMissing(group, step)
}

/** After someone has gone: the rebalance may now be complete, or nobody may be left to wait for. */
export function completeWithoutMissing(group: Group, step: Step): void {
  if (group.state !== 'PreparingRebalance') return
  if (group.members.size === 0 && group.pendingMembers.size === 0) becomeEmpty(group, step)
  else tryCompleteJoin(group, step)
}

/** Whether the member's silence counts: not while we are the ones who keep it waiting. */
export function isExpired(member: Member, now: number): boolean {
  if (member.syncTicket !== null) return false
  if (member.joinTicket !== null && !member.isNew) return false
  return member.sessionDeadline <= now
}
