import { errorCode } from '@sluice/kafka/protocol'
import type { Group, Step } from './group.ts'
import { completeWithoutMissing, dropMember } from './rebalance.ts'
import { findMember } from './sync-group.ts'

/** Who leaves: by member id, or a static member by its instance id alone. */
export interface LeavingMember {
  readonly memberId: string
  readonly instanceId: string | null
}

/** The member goes for good; the answer is its error code. */
export function leaveGroup(group: Group, leaving: LeavingMember, step: Step): number {
  if (leaving.instanceId === null && group.pendingMembers.delete(leaving.memberId)) {
    completeWithoutMissing(group, step)
    return errorCode.NONE
  }
  const owner = leaving.instanceId === null ? undefined : group.staticMembers.get(leaving.instanceId)
  const memberId = leaving.memberId === '' && owner !== undefined ? owner : leaving.memberId
  const member = findMember(group, { memberId, instanceId: leaving.instanceId })
  if (typeof member === 'number') return member
  dropMember(group, member, step)
  return errorCode.NONE
}
