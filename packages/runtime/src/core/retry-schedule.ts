/** Delays that double from the first to the last. */
export interface BackoffLimits {
  readonly firstMs: number
  readonly lastMs: number
}

/** Task configs are generated again after 250 ms, doubling to a minute, until they succeed or are superseded. */
export const reconfigurationBackoff: BackoffLimits = { firstMs: 250, lastMs: 60_000 }

/** A task whose host went away starts again at once, then ever later while its hosts go on dying. */
export const relaunchBackoff: BackoffLimits = { firstMs: 1_000, lastMs: 60_000 }

/** The delay before attempt number `attempt` (1 = the first repetition). */
export function backoffMs(limits: BackoffLimits, attempt: number): number {
  const doublings = Math.min(Math.max(attempt - 1, 0), 52)
  return Math.min(limits.firstMs * 2 ** doublings, limits.lastMs)
}

/** `errors.retry.timeout` and `errors.retry.delay.max.ms`, and what the current operation has behind it. */
export interface RetryRequest {
  /** Attempts that have failed so far. */
  readonly failures: number
  readonly startedAtMs: number
  readonly nowMs: number
  /** 0: never retry; -1: for ever. */
  readonly timeoutMs: number
  readonly maxDelayMs: number
  /** Uniform in [0, 1): spreads the delays that reached the maximum. */
  readonly random: number
}

const firstRetryMs = 300

/** How long to wait before the next attempt of a retriable operation; null when its time is used up. */
export function retryDelayMs(request: RetryRequest): number | null {
  const { failures, startedAtMs, nowMs, timeoutMs, maxDelayMs, random } = request
  if (timeoutMs === 0) return null
  const doubled = firstRetryMs * 2 ** Math.min(failures - 1, 52)
  const delay = doubled > maxDelayMs ? Math.floor(random * Math.max(maxDelayMs, 0)) : doubled
  if (timeoutMs < 0) return delay
  const leftMs = startedAtMs + timeoutMs - nowMs
  return leftMs > 0 ? Math.min(delay, leftMs) : null
}
