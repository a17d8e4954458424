import { murmur2 } from './murmur2.ts'

/** The partition of a keyed record, the same as in Java: every partition counts, whether it has a leader or not. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

/**
 * Spreads the records of one topic that have no key: it stays with a partition until about a batch's worth of bytes
 * went there, so that batches fill, then moves on to one drawn at random from those that have a leader.
 */
export class StickyPartitioner {
  readonly #batchSize: number
  readonly #random: () => number
  #partition = -1
  #bytes = 0

  /** `random` gives numbers from 0 up to 1. */
  constructor(batchSize: number, random: () => number = Math.random) {
    this.#batchSize = Math.max(1, batchSize)
    this.#random = random
  }

  /** The partition for the next record. `available` are those with a leader; if none has one, every partition counts. */
  next(available: readonly number[], partitionCount: number): number {
    const stays = this.#bytes < this.#batchSize && this.#partition >= 0 && this.#partition < partitionCount
    if (
      stays &&
      (available.length === 0 || available.length === partitionCount || available.includes(this.#partition))
    ) {
      return this.#partition
    }
    this.#bytes = 0
    this.#partition = this.#draw(available, partitionCount)
    return this.#partition
  }

  /** Counts the bytes of a record that went to the partition of the last `next`. */
  sent(bytes: number): void {
    this.#bytes += bytes
  }

  #draw(available: readonly number[], partitionCount: number): number {
    const count = available.length === 0 ? partitionCount : available.length
    const drawn = Math.min(count - 1, Math.floor(this.#random() * count))
    return available[drawn] ?? drawn
  }
}
