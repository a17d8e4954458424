import { errorCode } from '@sluice/kafka/protocol'
import type { Handler } from './handler.ts'

const firstWithMembers = 3

/** Takes members out of a group: one in the versions before 3, several from then on. */
export const handleLeaveGroup: Handler<'LeaveGroup'> = (broker, request, call) => {
  if (call.version < firstWithMembers) {
    const [code = errorCode.NONE] = broker.groups.leave(request.groupId, [
      { memberId: request.memberId, instanceId: null },
    ])
    return { errorCode: code }
  }
  const codes = broker.groups.leave(
    request.groupId,
    request.members.map(({ memberId, groupInstanceId }) => ({ memberId, instanceId: groupInstanceId })),
  )
  return {
    errorCode: errorCode.NONE,
    members: request.members.map(({ memberId, groupInstanceId }, i) => ({
      memberId,
      groupInstanceId,
      errorCode: codes[i] ?? errorCode.UNKNOWN_MEMBER_ID,
    })),
  }
}
