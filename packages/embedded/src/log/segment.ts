import { batchHeaderSize } from '@sluice/kafka/records'
import { nextOffsetOf, readBatchHeader, type BatchHeader } from './batch-header.ts'
import { OffsetIndex } from './offset-index.ts'
import type { ReadBuffers, ReadLease } from './read-lease.ts'
import { batchesFrom, scanBatches, type PlacedBatch, type ScanResult } from './scan-batches.ts'
import type { SegmentStore } from './segment-store.ts'

const rememberedPositions = 16

/** Whole batches, as a fetch sends them. */
export interface LogSlice {
  readonly parts: readonly Buffer[]
  readonly bytes: number
}

/** Nothing. */
export const emptySlice: LogSlice = { parts: [], bytes: 0 }

/** A part of a partition's log: the batches from `baseOffset` on, and where in them an offset or a time is. */
export class Segment {
  readonly baseOffset: number
  readonly store: SegmentStore
  /** The offset behind the last batch. */
  endOffset: number
  maxTimestamp = -1
  readonly #buffers: ReadBuffers
  #index = new OffsetIndex()
  /** Where the offsets begin at which recent reads ended: the next read of each consumer begins there. */
  readonly #positions = new Map<number, number>()

  constructor(baseOffset: number, store: SegmentStore, buffers: ReadBuffers) {
    this.baseOffset = baseOffset
    this.endOffset = baseOffset
    this.store = store
    this.#buffers = buffers
  }

  /** Reads what the store holds already; what cannot be made out is left for the caller to cut off. */
  scan(checkCrc: boolean, onBatch: (batch: PlacedBatch) => void): ScanResult {
    const options = { firstOffset: this.baseOffset, checkCrc, buffers: this.#buffers }
    return scanBatches(this.store, options, (batch) => {
      this.#note(batch.header, batch.header.baseOffset, batch.position)
      onBatch(batch)
    })
  }

  /** Appends one batch that already carries its offset. */
  append(batch: Buffer, header: BatchHeader, baseOffset: number): void {
    const position = this.store.size
    this.store.append(batch)
    this.#note(header, baseOffset, position)
  }

  /** The position of the batch that holds the offset, or of the first one behind it. */
  positionOf(offset: number): number {
    if (offset >= this.endOffset) return this.store.size
    const known = this.#positions.get(offset)
    if (known !== undefined) return known
    for (const { position, header } of batchesFrom(this.store, this.#index.positionOf(offset), this.#buffers))
      if (nextOffsetOf(header) > offset) return position
    return this.store.size
  }

  /** Whole batches from the one that holds the offset on; the first of them even if it is larger, when `atLeastOne`. */
  read(
    offset: number,
    limits: { readonly maxBytes: number; readonly atLeastOne: boolean },
    lease: ReadLease,
  ): LogSlice {
    const position = this.positionOf(offset)
    const available = this.store.size - position
    if (available <= 0) return emptySlice
    const wanted = Math.min(available, Math.max(limits.maxBytes, batchHeaderSize))
    const slice = this.#wholeBatches(this.store.read(position, wanted, lease), position)
    if (slice.bytes > 0) return slice.bytes <= limits.maxBytes || limits.atLeastOne ? slice : emptySlice
    if (!limits.atLeastOne) return emptySlice
    const first = batchesFrom(this.store, position, this.#buffers).next().value
    if (first === undefined) return emptySlice
    return this.#wholeBatches(this.store.read(position, first.header.size, lease), position)
  }

  /** The batches from the first on that may hold a timestamp of at least this. */
  batchesSince(timestamp: number): Iterable<PlacedBatch> {
    const position = this.#index.positionOfTimestamp(timestamp)
    return position === null ? [] : batchesFrom(this.store, position, this.#buffers)
  }

  #note(header: BatchHeader, baseOffset: number, position: number): void {
    this.#index.add(baseOffset, position, header.maxTimestamp)
    this.endOffset = baseOffset + header.lastOffsetDelta + 1
    this.maxTimestamp = Math.max(this.maxTimestamp, header.maxTimestamp)
  }

  #wholeBatches(pieces: readonly Buffer[], position: number): LogSlice {
    const parts: Buffer[] = []
    let bytes = 0
    let nextOffset = -1
    for (const piece of pieces) {
      let whole = 0
      while (whole + batchHeaderSize <= piece.length) {
        const header = readBatchHeader(piece, whole)
        if (header.size < batchHeaderSize || whole + header.size > piece.length) break
        whole += header.size
        nextOffset = nextOffsetOf(header)
      }
      if (whole > 0) parts.push(whole === piece.length ? piece : piece.subarray(0, whole))
      bytes += whole
      if (whole < piece.length) break
    }
    if (bytes > 0) this.#remember(nextOffset, position + bytes)
    return { parts, bytes }
  }

  #remember(offset: number, position: number): void {
    this.#positions.delete(offset)
    this.#positions.set(offset, position)
    if (this.#positions.size <= rememberedPositions) return
    for (const oldest of this.#positions.keys()) {
      this.#positions.delete(oldest)
      break
    }
  }
}
