import { longestTimerMs } from '../connection/delay.ts'

/** What a poll waits for: something to deliver, `wakeup`, or its time. */
export class PollWait {
  #isWoken = false
  #resolve: (() => void) | null = null

  /** Whether `wakeup` was called since the last time this was asked. */
  takeWakeup(): boolean {
    const wasWoken = this.#isWoken
    this.#isWoken = false
    return wasWoken
  }

  /** Ends the wait under way, if any. */
  signal(): void {
    this.#resolve?.()
  }

  wakeup(): void {
    this.#isWoken = true
    this.signal()
  }

  /** Resolves at the next signal, or after this time. One wait at a time. */
  forSignal(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#resolve?.(), Math.min(timeoutMs, longestTimerMs))
      this.#resolve = () => {
        clearTimeout(timer)
        this.#resolve = null
        resolve()
      }
    })
  }
}
