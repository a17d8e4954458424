import { backoffMs } from '../connection/backoff.ts'
import type { BackoffBounds } from '../connection/backoff.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import type { GroupGeneration, GroupLease } from '../ports.ts'
import type { Coordinator } from './coordinator.ts'

/** How heartbeats go out, and whom they tell. */
export interface HeartbeatParts {
  readonly coordinator: Coordinator
  readonly intervalMs: number
  readonly sessionTimeoutMs: number
  readonly backoff: BackoffBounds
  /** The group wants everyone to join again. */
  onRebalance(): void
  /** The coordinator no longer counts this generation (UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION), or refuses it for good. */
  onRefused(error: KafkaError): void
}

const purpose = 'heartbeat'

/**
 * Keeps a generation alive on a connection of its own, whatever the member is doing meanwhile. I6: a heartbeat that
 * was answered well renews the lease from the moment when it was sent.
 */
export class Heartbeats {
  readonly #parts: HeartbeatParts
  #generation: GroupGeneration | null = null
  #timer: NodeJS.Timeout | null = null
  #renewedAtMs = 0
  #failures = 0
  #isSending = false

  constructor(parts: HeartbeatParts) {
    this.#parts = parts
  }

  /** Goes on for this generation. `sinceMs`: when the request that brought it was sent. */
  start(generation: GroupGeneration, sinceMs: number): void {
    this.#generation = generation
    this.#renewedAtMs = Math.max(this.#renewedAtMs, sinceMs)
    this.#failures = 0
    this.#schedule(this.#parts.intervalMs)
  }

  /** Ends them; an answer still under way is not looked at. */
  stop(): void {
    this.#generation = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  lease(): GroupLease {
    return { renewedAtMs: this.#renewedAtMs, expiresAtMs: this.#renewedAtMs + this.#parts.sessionTimeoutMs }
  }

  #schedule(inMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#beat(), inMs)
  }

  /** Never rejects. */
  async #beat(): Promise<void> {
    const generation = this.#generation
    this.#timer = null
    // The one under way schedules the next.
    if (generation === null || this.#isSending) return
    this.#isSending = true
    const sentAtMs = performance.now()
    const error = await this.#send(generation)
    this.#isSending = false
    if (this.#generation === null) return
    if (this.#generation === generation) this.#take(error, sentAtMs)
    const isUnreachable = error !== null && error.retriable
    this.#failures = isUnreachable ? this.#failures + 1 : 0
    const { intervalMs, backoff } = this.#parts
    if (this.#timer === null) {
      this.#schedule(isUnreachable ? Math.min(intervalMs, backoffMs(this.#failures, backoff)) : intervalMs)
    }
  }

  async #send(generation: GroupGeneration): Promise<KafkaError | null> {
    const { coordinator, sessionTimeoutMs } = this.#parts
    const { groupId, generationId, memberId, groupInstanceId } = generation
    const body = { groupId, generationId, memberId, groupInstanceId: groupInstanceId ?? null }
    try {
      // A coordinator that hangs must be given up while there is time to find the next one.
      const answer = await coordinator.call('Heartbeat', body, { purpose, timeoutMs: sessionTimeoutMs / 3 })
      if (answer.errorCode === errorCode.NONE) return null
      return coordinator.noteError(errorFromCode(answer.errorCode, `Heartbeat in group ${groupId}`))
    } catch (error) {
      return error instanceof KafkaError ? error : new KafkaError('UNKNOWN_SERVER_ERROR', String(error))
    }
  }

  #take(error: KafkaError | null, sentAtMs: number): void {
    if (error === null || error.errorName === 'REBALANCE_IN_PROGRESS') {
      this.#renewedAtMs = Math.max(this.#renewedAtMs, sentAtMs)
      if (error !== null) this.#parts.onRebalance()
    } else if (!error.retriable) {
      this.#parts.onRefused(error)
    }
  }
}
