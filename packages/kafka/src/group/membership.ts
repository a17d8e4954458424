import type { Logger } from '@sluice/api'
import type { GroupMemberOptions } from '../ports.ts'

/** GroupMemberOptions with the defaults filled in. */
export type MemberSettings = GroupMemberOptions & {
  readonly groupInstanceId: string | null
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
}

/** Fills in Apache's defaults. */
export function resolveMemberOptions(options: GroupMemberOptions): MemberSettings {
  return {
    ...options,
    groupInstanceId: options.groupInstanceId ?? null,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 45_000,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 3_000,
  }
}

/** A log whose lines name the group. */
export function groupLog(log: Logger, groupId: string): Logger {
  const named = (level: keyof Logger) => (message: string, fields?: Record<string, unknown>) =>
    log[level](message, { group: groupId, ...fields })
  return { debug: named('debug'), info: named('info'), warn: named('warn'), error: named('error') }
}
