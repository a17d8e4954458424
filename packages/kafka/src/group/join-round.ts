import type { Logger } from '@sluice/api'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode } from '../errors/kafka-error.ts'
import type { KafkaError } from '../errors/kafka-error.ts'
import type { GroupGeneration, JoinedGroup } from '../ports.ts'
import type { Messages } from '../protocol/api-table.ts'
import type { Coordinator } from './coordinator.ts'
import type { MemberSettings } from './membership.ts'

/** What one round of joining works with. */
export interface RoundParts {
  readonly coordinator: Coordinator
  readonly settings: MemberSettings
  readonly log: Logger
  /** The new generation is known; heartbeats may begin. `sentAtMs`: when the request was sent. */
  onGeneration(generation: GroupGeneration, sentAtMs: number): void
}

/** How a round went. */
export type RoundResult =
  | { readonly kind: 'joined'; readonly joined: JoinedGroup }
  /** Again, at once, under this member id. `isLost`: what was held under the generation before is no longer held. */
  | { readonly kind: 'again'; readonly memberId: string; readonly isLost: boolean; readonly error: KafkaError }

type JoinResponse = Messages['JoinGroup']['response']

const purpose = 'join'
// The answer to JoinGroup may take the whole rebalance timeout; this much more is for the way.
const graceMs = 5_000

/**
 * JoinGroup, the leader's assignment and SyncGroup, once.
 * @throws KafkaError retriable when the coordinator cannot be reached now; any other ends the membership
 */
export async function joinOnce(memberId: string, reason: string, parts: RoundParts): Promise<RoundResult> {
  const { coordinator, settings } = parts
  const sentAtMs = performance.now()
  const join = await coordinator.call('JoinGroup', joinRequest(memberId, reason, settings), {
    purpose,
    timeoutMs: settings.rebalanceTimeoutMs + graceMs,
  })
  if (join.errorCode !== errorCode.NONE)
    return afterRefusal(join.errorCode, join.memberId || memberId, 'Joining', parts)
  const generation = {
    groupId: settings.groupId,
    memberId: join.memberId,
    generationId: join.generationId,
    groupInstanceId: settings.groupInstanceId,
  }
  parts.onGeneration(generation, sentAtMs)
  return await sync(generation, join, parts)
}

async function sync(generation: GroupGeneration, join: JoinResponse, parts: RoundParts): Promise<RoundResult> {
  const { coordinator, settings } = parts
  const assignments = await makeAssignments(generation, join, settings)
  const sentAtMs = performance.now()
  const answer = await coordinator.call(
    'SyncGroup',
    {
      groupId: settings.groupId,
      generationId: generation.generationId,
      memberId: generation.memberId,
      groupInstanceId: settings.groupInstanceId,
      protocolType: settings.protocolType,
      protocolName: join.protocolName,
      assignments,
    },
    { purpose, timeoutMs: settings.rebalanceTimeoutMs + graceMs },
  )
  if (answer.errorCode !== errorCode.NONE) return afterRefusal(answer.errorCode, generation.memberId, 'Syncing', parts)
  parts.onGeneration(generation, sentAtMs)
  const joined = {
    generation,
    leaderId: join.leader,
    protocol: join.protocolName ?? '',
    assignment: answer.assignment,
  }
  return { kind: 'joined', joined }
}

function joinRequest(
  memberId: string,
  reason: string,
  settings: MemberSettings,
): Messages['JoinGroup']['requestInput'] {
  return {
    groupId: settings.groupId,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    rebalanceTimeoutMs: settings.rebalanceTimeoutMs,
    memberId,
    groupInstanceId: settings.groupInstanceId,
    protocolType: settings.protocolType,
    protocols: settings.protocols(),
    // Kafka keeps at most 255 characters of it.
    reason: reason.slice(0, 255),
  }
}

/** The leader's work; followers send nothing, and neither does a leader that comes back to a group that stands. */
async function makeAssignments(
  generation: GroupGeneration,
  join: JoinResponse,
  settings: MemberSettings,
): Promise<{ readonly memberId: string; readonly assignment: Uint8Array }[]> {
  if (join.leader !== generation.memberId || join.skipAssignment) return []
  const assigned = await settings.assign({
    generationId: generation.generationId,
    leaderId: join.leader,
    protocol: join.protocolName ?? '',
    members: join.members,
  })
  return join.members.map(({ memberId }) => ({ memberId, assignment: assigned.get(memberId) ?? new Uint8Array(0) }))
}

function afterRefusal(code: number, memberId: string, doing: string, parts: RoundParts): RoundResult {
  const error = errorFromCode(code, `${doing} group ${parts.settings.groupId}`)
  parts.coordinator.noteError(error)
  switch (error.errorName) {
    case 'MEMBER_ID_REQUIRED':
    case 'REBALANCE_IN_PROGRESS':
      return { kind: 'again', memberId, isLost: false, error }
    case 'ILLEGAL_GENERATION':
      return { kind: 'again', memberId, isLost: true, error }
    case 'UNKNOWN_MEMBER_ID':
      return { kind: 'again', memberId: '', isLost: true, error }
    default:
      throw error
  }
}
