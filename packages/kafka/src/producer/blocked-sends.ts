import { longestTimerMs } from '../connection/delay.ts'

/** Sends that were refused, and who waits to try them again. */
export class BlockedSends {
  readonly #maxBlockMs: number
  #memorySinceMs: number | null = null
  #timer: NodeJS.Timeout | null = null
  #waiters: (() => void)[] = []

  constructor(maxBlockMs: number) {
    this.#maxBlockMs = maxBlockMs
  }

  /** A send was refused for want of memory and none was freed since. */
  get isShortOfMemory(): boolean {
    return this.#memorySinceMs !== null
  }

  /** Notes that memory is wanting. False when it has been wanting for `maxBlockMs`: the record is to fail. */
  wantMemory(nowMs: number): boolean {
    this.#memorySinceMs ??= nowMs
    if (nowMs - this.#memorySinceMs >= this.#maxBlockMs) {
      this.memoryFreed()
      return false
    }
    const left = this.#memorySinceMs + this.#maxBlockMs - nowMs
    // At the end of the wait the next send is to fail, so it must be tried.
    if (left < longestTimerMs) this.#timer ??= setTimeout(() => this.wake(), Math.ceil(left))
    return true
  }

  /** Some memory is free again. */
  memoryFreed(): void {
    this.#memorySinceMs = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.wake()
  }

  /** Resolves at the next `wake`. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve)
    })
  }

  /** Refused sends are worth trying again. */
  wake(): void {
    if (this.#waiters.length === 0) return
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}
