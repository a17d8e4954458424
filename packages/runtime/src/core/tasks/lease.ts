/**
 * The right to run one task, until a point of the machine's monotonic clock (I6). Whoever holds it asks before every
 * poll, put, produce and commit; whoever was frozen past the end finds it expired when it wakes.
 *
 * `epoch` counts what the lease stands for: a new incarnation of a source task, a new assignment of a sink task. It
 * only grows, so that a renewal that arrives late can never revive what was already taken away.
 */
export interface Lease {
  readonly epoch: number
  readonly expiresAtMs: number
}

/** What a task has before its first renewal, and what no renewal of an older epoch can change. */
export const noLease: Lease = { epoch: -1, expiresAtMs: Number.NEGATIVE_INFINITY }

/** The lease after an offer: a newer epoch replaces it, the same epoch prolongs it, an older one is ignored. */
export function renewLease(held: Lease, offered: Lease): Lease {
  if (offered.epoch > held.epoch) return offered
  return offered.epoch === held.epoch && offered.expiresAtMs > held.expiresAtMs ? offered : held
}

/** Ends the lease of this epoch for good: only a newer epoch holds again. */
export function endLease(held: Lease): Lease {
  return { epoch: held.epoch + 1, expiresAtMs: Number.NEGATIVE_INFINITY }
}

export function leaseHolds(lease: Lease, nowMs: number): boolean {
  return nowMs < lease.expiresAtMs
}
