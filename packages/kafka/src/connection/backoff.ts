/** Bounds of an exponential back-off, in milliseconds. */
export interface BackoffBounds {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * How long to wait after so many failures in a row (1 for the first): doubling from `firstMs` up to `maxMs`, then 20 %
 * up or down at random, so that clients of a broker that came back do not return all at once.
 */
export function backoffMs(failures: number, bounds: BackoffBounds, random: () => number = Math.random): number {
  const doubled = bounds.firstMs * 2 ** Math.min(failures - 1, 30)
  return Math.min(doubled, Math.max(bounds.firstMs, bounds.maxMs)) * (0.8 + 0.4 * random())
}
