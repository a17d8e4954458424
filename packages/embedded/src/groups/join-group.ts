import { errorCode } from '@sluice/kafka/protocol'
import {
  metadataFor,
  newMemberJoinTimeoutMs,
  noBytes,
  sameBytes,
  sameProtocols,
  selectProtocol,
  supportsProtocols,
  type Group,
  type Member,
  type MemberProtocol,
  type Step,
} from './group.ts'
import { answerJoin, joinError, joinSuccess, prepareRebalance, removeMember, tryCompleteJoin } from './rebalance.ts'

/** A JoinGroup, freed of its version. Bytes in it are kept: the caller copies what lies in a frame. */
export interface JoinRequest {
  /** Names the request in the answer. */
  readonly ticket: number
  readonly memberId: string
  /** The id to hand out, should the member have none yet. */
  readonly newMemberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly MemberProtocol[]
  /** From version 4 on a member first fetches an id, so that a lost answer leaves no ghost in the group. */
  readonly requiresKnownMemberId: boolean
  /** From version 9 on a leader that returns to a stable group can be told to leave the assignment as it is. */
  readonly supportsSkippingAssignment: boolean
}

/** A member wants in, or wants a new round. The answer comes in this step's actions or in those of a later one. */
export function joinGroup(group: Group, request: JoinRequest, step: Step): void {
  const { timings } = step
  if (request.sessionTimeoutMs < timings.minSessionTimeoutMs || request.sessionTimeoutMs > timings.maxSessionTimeoutMs)
    return refuse(request, errorCode.INVALID_SESSION_TIMEOUT, step)
  if (group.state === 'Dead') return refuse(request, errorCode.COORDINATOR_NOT_AVAILABLE, step)
  if (!supportsProtocols(group, request.protocolType, request.protocols))
    return refuse(request, errorCode.INCONSISTENT_GROUP_PROTOCOL, step)
  if (request.memberId !== '') joinKnown(group, request, step)
  else if (request.instanceId !== null) joinStatic(group, request, step)
  else joinUnknown(group, request, step)
  tryCompleteJoin(group, step)
}

function refuse(request: JoinRequest, code: number, step: Step, memberId: string = request.memberId): void {
  step.actions.push({ type: 'answer-join', ticket: request.ticket, result: joinError(code, memberId) })
}

function joinUnknown(group: Group, request: JoinRequest, step: Step): void {
  if (!request.requiresKnownMemberId) return addMember(group, request.newMemberId, request, step)
  group.pendingMembers.set(request.newMemberId, step.now + request.sessionTimeoutMs)
  refuse(request, errorCode.MEMBER_ID_REQUIRED, step, request.newMemberId)
}

function joinKnown(group: Group, request: JoinRequest, step: Step): void {
  const { memberId } = request
  if (request.instanceId !== null) {
    const owner = group.staticMembers.get(request.instanceId)
    if (owner === undefined) return refuse(request, errorCode.UNKNOWN_MEMBER_ID, step)
    if (owner !== memberId) return refuse(request, errorCode.FENCED_INSTANCE_ID, step)
  } else if (group.pendingMembers.delete(memberId)) {
    return addMember(group, memberId, request, step)
  }
  const member = group.members.get(memberId)
  if (member === undefined) return refuse(request, errorCode.UNKNOWN_MEMBER_ID, step)
  rejoin(group, member, request, step)
}

function rejoin(group: Group, member: Member, request: JoinRequest, step: Step): void {
  const unchanged = sameProtocols(member.protocols, request.protocols)
  // Once the group is stable its leader joins again only to ask for a new round.
  const mayStay =
    group.state === 'CompletingRebalance' || (group.state === 'Stable' && group.leaderId !== member.memberId)
  takeRequest(member, request, step)
  // A retry of a request whose answer was lost, or a follower that wants nothing new: it stays in its generation.
  if (unchanged && mayStay) answerJoin(member, joinSuccess(group, member), step)
  else prepareRebalance(group, step)
}

/** A static member without an id: new, or a restarted instance that takes the place of what it was before. */
function joinStatic(group: Group, request: JoinRequest, step: Step): void {
  const instanceId = request.instanceId ?? ''
  const oldId = group.staticMembers.get(instanceId)
  const old = oldId === undefined ? undefined : group.members.get(oldId)
  if (old === undefined) return addMember(group, request.newMemberId, request, step)

  const wasLeader = group.leaderId === old.memberId
  const member = createMember(request.newMemberId, request)
  member.assignment = old.assignment
  member.hasSynced = old.hasSynced
  fence(old, step)
  replaceMember(group, old, member)
  if (wasLeader) group.leaderId = member.memberId
  takeRequest(member, request, step)

  const keepsProtocol =
    selectProtocol(group) === group.protocolName &&
    sameBytes(metadataFor(old, group.protocolName), metadataFor(member, group.protocolName))
  if (group.state !== 'Stable' || !keepsProtocol) return prepareRebalance(group, step)
  step.actions.push({ type: 'store' })
  answerReturned(group, member, { wasLeader, request, oldId: old.memberId }, step)
}

interface Returned {
  readonly wasLeader: boolean
  readonly request: JoinRequest
  readonly oldId: string
}

/** A restarted static member finds its generation as it left it: nobody else notices. */
function answerReturned(group: Group, member: Member, returned: Returned, step: Step): void {
  const result = joinSuccess(group, member)
  if (!returned.wasLeader || returned.request.supportsSkippingAssignment)
    return answerJoin(member, { ...result, skipAssignment: returned.wasLeader }, step)
  // An older client that finds itself leader would compute an assignment: it is told of its predecessor instead.
  answerJoin(member, { ...result, leaderId: returned.oldId, members: [] }, step)
}

/** Whoever still holds the old id of a static member is told so. */
function fence(old: Member, step: Step): void {
  answerJoin(old, joinError(errorCode.FENCED_INSTANCE_ID, old.memberId), step)
  if (old.syncTicket === null) return
  step.actions.push({
    type: 'answer-sync',
    ticket: old.syncTicket,
    result: { errorCode: errorCode.FENCED_INSTANCE_ID, protocolType: null, protocolName: null, assignment: noBytes },
  })
  old.syncTicket = null
}

/** Puts the member into the other's place; the order of members decides ties, so it is kept. */
function replaceMember(group: Group, old: Member, member: Member): void {
  const all = [...group.members.values()].map((m) => (m === old ? member : m))
  removeMember(group, old)
  group.members.clear()
  for (const m of all) group.members.set(m.memberId, m)
  if (member.instanceId !== null) group.staticMembers.set(member.instanceId, member.memberId)
}

function addMember(group: Group, memberId: string, request: JoinRequest, step: Step): void {
  const member = createMember(memberId, request)
  if (group.state === 'Empty') group.protocolType = request.protocolType
  group.members.set(memberId, member)
  if (member.instanceId !== null) group.staticMembers.set(member.instanceId, memberId)
  group.leaderId ??= memberId
  if (group.initialJoin !== null) group.initialJoin.newMemberAdded = true
  takeRequest(member, request, step)
  member.sessionDeadline = step.now + newMemberJoinTimeoutMs
  prepareRebalance(group, step)
}

function createMember(memberId: string, request: JoinRequest): Member {
  return {
    memberId,
    instanceId: request.instanceId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
    assignment: noBytes,
    joinTicket: null,
    syncTicket: null,
    hasSynced: false,
    isNew: true,
    sessionDeadline: 0,
  }
}

/** The member waits by this request from now on; an earlier one, of a connection that broke, is told to try again. */
function takeRequest(member: Member, request: JoinRequest, step: Step): void {
  answerJoin(member, joinError(errorCode.REBALANCE_IN_PROGRESS, member.memberId), step)
  member.protocols = request.protocols
  member.sessionTimeoutMs = request.sessionTimeoutMs
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  member.joinTicket = request.ticket
  member.sessionDeadline = step.now + request.sessionTimeoutMs
}
