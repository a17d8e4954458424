import { KafkaError } from '../errors/kafka-error.ts'
import { backoffMs } from './backoff.ts'
import type { BackoffBounds } from './backoff.ts'
import { delay } from './delay.ts'

/** How long and how often something is tried again. */
export interface RetryBounds {
  readonly timeoutMs: number
  readonly backoff: BackoffBounds
  /** Ends the attempts, e.g. when the client closes. */
  readonly signal: AbortSignal
  /** Told of the first failure only: an outage is worth one line of a log. */
  readonly onFirstFailure?: (error: KafkaError) => void
}

/**
 * Repeats an attempt while it fails retriably, until the time is up.
 * @throws KafkaError the failure itself when it is not retriable; else REQUEST_TIMED_OUT with the last failure as cause
 */
export async function withRetries<T>(doing: string, bounds: RetryBounds, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + bounds.timeoutMs
  for (let failures = 1; ; failures++) {
    if (bounds.signal.aborted) throw new KafkaError('NETWORK_EXCEPTION', `${doing}: the client was closed`)
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable || bounds.signal.aborted) throw error
      if (failures === 1) bounds.onFirstFailure?.(error)
      const left = deadline - performance.now()
      if (left <= 0) {
        const message = `${doing}: no success within ${bounds.timeoutMs} ms. Last: ${error.message}`
        throw new KafkaError('REQUEST_TIMED_OUT', message, { cause: error })
      }
      await delay(Math.min(left, backoffMs(failures, bounds.backoff)), bounds.signal)
    }
  }
}
