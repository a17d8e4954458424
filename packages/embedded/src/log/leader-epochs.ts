/**
 * Which leader epochs wrote which part of the log. Each start of the broker is an epoch; a consumer that has read
 * further than the log now reaches (a power cut took the end of it) finds that out by asking where its epoch ended.
 */
export class LeaderEpochs {
  readonly #entries: { readonly epoch: number; readonly startOffset: number }[] = []

  /** Notes that the batch at this offset was written under this epoch; batches come in the order of the log. */
  note(epoch: number, offset: number): void {
    const last = this.#entries.at(-1)
    if (last === undefined || epoch > last.epoch) this.#entries.push({ epoch, startOffset: offset })
  }

  /** The epoch of the newest batch; −1 for a log without any. */
  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1
  }

  /** The epoch of the batch that holds the offset; −1 if none does. */
  at(offset: number): number {
    let epoch = -1
    for (const entry of this.#entries) if (entry.startOffset <= offset) epoch = entry.epoch
    return epoch
  }

  /** The newest epoch that is not above the one asked for, and the offset behind its last record. */
  endOf(epoch: number, logEndOffset: number): { readonly epoch: number; readonly endOffset: number } {
    let found = -1
    for (const entry of this.#entries) {
      if (entry.epoch > epoch) return { epoch: found === -1 ? epoch : found, endOffset: entry.startOffset }
      found = entry.epoch
    }
    return found === -1 ? { epoch: -1, endOffset: -1 } : { epoch: found, endOffset: logEndOffset }
  }
}
