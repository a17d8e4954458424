import { endLease, type Lease, leaseHolds, noLease, renewLease } from '../core/tasks/lease.ts'
import { machineNowMs } from './machine-clock.ts'

/** A task's lease in its host. The runner asks `holds()` before every poll, put, produce and commit (I6). */
export class LeaseHolder {
  #lease: Lease = noLease
  #onRenewed: (() => void) | null = null
  readonly #now: () => number

  constructor(now: () => number = machineNowMs) {
    this.#now = now
  }

  holds(): boolean {
    return leaseHolds(this.#lease, this.#now())
  }

  offer(lease: Lease): void {
    const held = this.holds()
    this.#lease = renewLease(this.#lease, lease)
    if (!held && this.holds()) this.#onRenewed?.()
  }

  /** For good: whatever is offered for the same epoch from now on changes nothing. */
  end(): void {
    this.#lease = endLease(this.#lease)
  }

  /** Called when a lease that did not hold holds again. */
  onRenewed(listener: () => void): void {
    this.#onRenewed = listener
  }
}
