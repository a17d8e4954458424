import { reasonOf, type BrokerLog } from '../broker-log.ts'

/** Tells of storage that fails once, and once more when it works again, however many requests run into it (I3). */
export class StorageHealth {
  readonly #log: BrokerLog
  #failures = 0
  #isFailing = false

  constructor(log: BrokerLog) {
    this.#log = log
  }

  /** How many writes have failed since the start. */
  get failures(): number {
    return this.#failures
  }

  /** A write has failed; `doing` says which. */
  failed(doing: string, error: unknown): void {
    this.#failures += 1
    if (this.#isFailing) return
    this.#isFailing = true
    this.#log.error('The data folder cannot be written: writes are refused until it can, reads go on', {
      doing,
      reason: reasonOf(error),
    })
  }

  /** A write has succeeded. */
  succeeded(): void {
    if (!this.#isFailing) return
    this.#isFailing = false
    this.#log.info('The data folder can be written again', { refused: this.#failures })
  }
}
