import type { PooledFrame } from '../connection/frame-pool.ts'

/**
 * The memory of one fetch, held by everything that still reads from it. Whoever made the fetch hears when the last
 * holder has let go: only then may the next one take its place (I9).
 */
export class FetchLease {
  readonly #frame: PooledFrame
  readonly #onFree: () => void
  #holders = 1

  constructor(frame: PooledFrame, onFree: () => void) {
    this.#frame = frame
    this.#onFree = onFree
  }

  /** One more holder. */
  retain(): void {
    this.#holders++
  }

  /** One holder less. Each holder calls this once. */
  release(): void {
    this.#holders--
    if (this.#holders > 0) return
    this.#frame.release()
    this.#onFree()
  }
}
