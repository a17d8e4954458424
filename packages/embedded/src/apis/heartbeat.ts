import type { Handler } from './handler.ts'

/** A sign of life of a member, who learns from the answer whether it has to join again. */
export const handleHeartbeat: Handler<'Heartbeat'> = (broker, request) => ({
  errorCode: broker.groups.heartbeat(request.groupId, {
    memberId: request.memberId,
    generation: request.generationId,
    instanceId: request.groupInstanceId,
  }),
})
