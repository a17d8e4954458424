import { batchHeaderSize } from '@sluice/kafka/records'
import { hasValidCrc, headerProblem, nextOffsetOf, readBatchHeader, type BatchHeader } from './batch-header.ts'
import { ReadLease, type ReadBuffers } from './read-lease.ts'
import type { SegmentStore } from './segment-store.ts'

const chunkSize = 32 * 1024

/** A batch where it stands in its segment. */
export interface PlacedBatch {
  readonly position: number
  readonly header: BatchHeader
}

/** What a scan found: how far the segment is whole, and why not further (null: it is whole to its end). */
export interface ScanResult {
  readonly validSize: number
  readonly problem: string | null
}

/**
 * Goes through the batches of a segment after an unknown end of the process. Stops at the first that is cut off, is not
 * a batch, does not carry the next offset, or, where `checkCrc` is set, is not what its producer signed.
 */
export function scanBatches(
  store: SegmentStore,
  options: { readonly firstOffset: number; readonly checkCrc: boolean; readonly buffers: ReadBuffers },
  onBatch: (batch: PlacedBatch) => void,
): ScanResult {
  let nextOffset = options.firstOffset
  let position = 0
  for (const batch of batchesFrom(store, 0, options.buffers)) {
    const problem =
      scanProblem(batch, nextOffset, store.size) ??
      (options.checkCrc ? crcProblem(store, batch, options.buffers) : null)
    if (problem !== null) return { validSize: position, problem }
    onBatch(batch)
    nextOffset = nextOffsetOf(batch.header)
    position = batch.position + batch.header.size
  }
  const left = store.size - position
  return { validSize: position, problem: left === 0 ? null : `a batch header of ${left} bytes` }
}

function scanProblem({ position, header }: PlacedBatch, nextOffset: number, size: number): string | null {
  const problem = headerProblem(header)
  if (problem !== null) return problem
  if (position + header.size > size) return `a batch of ${header.size} bytes with ${size - position} of them`
  // Nothing here leaves gaps between offsets.
  if (header.baseOffset !== nextOffset) return `offset ${header.baseOffset} where ${nextOffset} is due`
  return null
}

function crcProblem(store: SegmentStore, { position, header }: PlacedBatch, buffers: ReadBuffers): string | null {
  const lease = new ReadLease(buffers)
  const [batch] = store.read(position, header.size, lease)
  const valid = batch !== undefined && hasValidCrc(batch, header)
  lease.release()
  return valid ? null : `a batch at offset ${header.baseOffset} that differs from its checksum`
}

/**
 * The batches of a segment from a position on, at which one must begin. Reads little more than their headers where they
 * are long. Ends where no whole header is left, or behind a header that cannot be one.
 */
export function* batchesFrom(store: SegmentStore, from: number, buffers: ReadBuffers): Generator<PlacedBatch, void> {
  const lease = new ReadLease(buffers)
  let piece: Buffer | undefined
  let pieceStart = from
  try {
    for (let position = from; position + batchHeaderSize <= store.size;) {
      if (piece === undefined || position + batchHeaderSize > pieceStart + piece.length) {
        lease.release()
        piece = store.read(position, Math.min(chunkSize, store.size - position), lease)[0]
        pieceStart = position
        if (piece === undefined) return
      }
      const header = readBatchHeader(piece, position - pieceStart)
      yield { position, header }
      if (header.size < batchHeaderSize) return
      position += header.size
    }
  } finally {
    lease.release()
  }
}
