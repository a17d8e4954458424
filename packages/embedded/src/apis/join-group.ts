import { randomUUID } from 'node:crypto'
import type { Handler } from './handler.ts'

const firstWithRebalanceTimeout = 1
const firstWithKnownMembers = 4
const firstWithNullProtocol = 7
const firstWithSkippedAssignment = 9

/** Enters a group. The answer comes when the rebalance is over. */
export const handleJoinGroup: Handler<'JoinGroup'> = async (broker, request, call) => {
  const result = await broker.groups.join(request.groupId, {
    memberId: request.memberId,
    newMemberId: `${request.groupInstanceId ?? call.clientId}-${randomUUID()}`,
    instanceId: request.groupInstanceId,
    clientId: call.clientId,
    clientHost: call.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs:
      call.version < firstWithRebalanceTimeout ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
    protocolType: request.protocolType,
    // What stays in the group is copied: the frame is used again.
    protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
    requiresKnownMemberId: call.version >= firstWithKnownMembers,
    supportsSkippingAssignment: call.version >= firstWithSkippedAssignment,
  })
  return {
    errorCode: result.errorCode,
    generationId: result.generation,
    protocolType: result.protocolType,
    protocolName: result.protocolName ?? (call.version < firstWithNullProtocol ? '' : null),
    leader: result.leaderId,
    skipAssignment: result.skipAssignment,
    memberId: result.memberId,
    members: result.members.map(({ memberId, instanceId, metadata }) => ({
      memberId,
      groupInstanceId: instanceId,
      metadata,
    })),
  }
}
