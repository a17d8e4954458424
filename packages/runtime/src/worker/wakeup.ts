/** Lets a loop sleep until something happened. What happens while nobody sleeps ends the next sleep at once. */
export class Wakeup {
  #pending = false
  #wake: (() => void) | null = null

  wake(): void {
    if (this.#wake === null) this.#pending = true
    else this.#wake()
  }

  /** Resolves on `wake`, or after the time where one is given. One sleeper at a time. */
  sleep(timeoutMs: number = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#pending) {
      this.#pending = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      // Timers of Node hold 31 bits: a longer sleep is one without a timer.
      const timer = timeoutMs < 2 ** 31 ? setTimeout(() => this.#wake?.(), timeoutMs) : null
      this.#wake = () => {
        if (timer) clearTimeout(timer)
        this.#wake = null
        resolve()
      }
    })
  }
}
