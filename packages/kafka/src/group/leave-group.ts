import type { Logger } from '@sluice/api'
import type { Coordinator } from './coordinator.ts'

/** Who leaves, and why. */
export interface Leaving {
  /** Empty: was never a member, or is none any more. */
  readonly memberId: string
  /** A static member stays in the group until its session times out, so that it can come back to its place. */
  readonly groupInstanceId: string | null
  readonly reason: string
  readonly log: Logger
}

const timeoutMs = 5_000
const purpose = 'heartbeat'

/** Tells the coordinator, once: one that cannot be reached finds out by the session timeout. Never rejects. */
export async function leaveGroup(coordinator: Coordinator, leaving: Leaving): Promise<void> {
  const { memberId, groupInstanceId, log } = leaving
  if (memberId === '' || groupInstanceId !== null) return
  const { groupId } = coordinator
  try {
    const version = await coordinator.versionOf('LeaveGroup', purpose)
    const reason = version >= 5 ? { reason: leaving.reason.slice(0, 255) } : {}
    const body = version >= 3 ? { groupId, members: [{ memberId, ...reason }] } : { groupId, memberId }
    await coordinator.call('LeaveGroup', body, { purpose, timeoutMs })
  } catch (error) {
    log.debug('The coordinator was not told that a member left', { error: String(error) })
  }
}
