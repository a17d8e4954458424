import type { Handler } from './handler.ts'

/** Fetches the assignment of a member; the answer comes when the leader has brought it. */
export const handleSyncGroup: Handler<'SyncGroup'> = async (broker, request) => {
  const result = await broker.groups.sync(request.groupId, {
    memberId: request.memberId,
    generation: request.generationId,
    instanceId: request.groupInstanceId,
    protocolType: request.protocolType,
    protocolName: request.protocolName,
    // What stays in the group is copied: the frame is used again.
    assignments: request.assignments.map(({ memberId, assignment }) => ({
      memberId,
      assignment: Buffer.from(assignment),
    })),
  })
  return {
    errorCode: result.errorCode,
    protocolType: result.protocolType,
    protocolName: result.protocolName,
    assignment: result.assignment,
  }
}
