const interval = 16 * 1024

/**
 * Where in a segment an offset or a time is to be looked for: one entry for every 16 KiB of batches or more, kept in
 * memory and made anew from the batches on start, so that there is no second file that could disagree with the log.
 */
export class OffsetIndex {
  #offsets = new Float64Array(16)
  #positions = new Float64Array(16)
  #maxTimestamps = new Float64Array(16)
  #length = 0

  /** Notes a batch; batches come in the order of the log. */
  add(offset: number, position: number, maxTimestamp: number): void {
    const last = this.#length - 1
    if (last >= 0 && position - (this.#positions[last] ?? 0) < interval) {
      this.#maxTimestamps[last] = Math.max(this.#maxTimestamps[last] ?? -1, maxTimestamp)
      return
    }
    if (this.#length === this.#offsets.length) this.#grow()
    this.#offsets[this.#length] = offset
    this.#positions[this.#length] = position
    this.#maxTimestamps[this.#length] = maxTimestamp
    this.#length += 1
  }

  /** A position at or before the batch that holds the offset. */
  positionOf(offset: number): number {
    let low = 0
    let high = this.#length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return this.#positions[low] ?? 0
  }

  /** A position at or before the first batch with a timestamp of at least this; null if there is none. */
  positionOfTimestamp(timestamp: number): number | null {
    for (let i = 0; i < this.#length; i++)
      if ((this.#maxTimestamps[i] ?? -1) >= timestamp) return this.#positions[i] ?? 0
    return null
  }

  #grow(): void {
    this.#offsets = enlarged(this.#offsets)
    this.#positions = enlarged(this.#positions)
    this.#maxTimestamps = enlarged(this.#maxTimestamps)
  }
}

function enlarged(from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const to = new Float64Array(from.length * 2)
  to.set(from)
  return to
}
