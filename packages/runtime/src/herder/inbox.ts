/**
 * What is to be done, in order: one thing after the other for each connector, while other connectors go on. So a
 * connector that hangs holds up only what concerns itself (I4, I11).
 */
export class Inbox {
  readonly #lanes = new Map<string, Promise<unknown>>()

  /** Resolves with the result of the work, which begins when everything before it in this lane has ended. */
  run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(lane) ?? Promise.resolve()
    const result = before.then(work, work)
    this.#lanes.set(lane, result)
    const forget = (): void => {
      if (this.#lanes.get(lane) === result) this.#lanes.delete(lane)
    }
    result.then(forget, forget)
    return result
  }

  /** Resolves when everything that was put in has ended. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.allSettled(this.#lanes.values())
  }
}
