import type { IsolationLevel } from '../ports.ts'
import type { RecordBatch } from '../records/record-batch.ts'

/** A transaction that was aborted, as Fetch tells of it. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

/**
 * For each batch, whether its records are for applications. Markers never are. Under `read_committed` neither is what
 * an aborted transaction wrote: from its first offset up to the marker that ended it, which may lie in a later fetch;
 * the same producer may abort several times within one.
 */
export function visibleBatches(
  batches: readonly RecordBatch[],
  aborted: readonly AbortedTransaction[] | null,
  isolation: IsolationLevel,
): boolean[] {
  if (isolation === 'read_uncommitted' || aborted === null) return batches.map((batch) => !batch.isControl)
  const pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const aborting = new Set<bigint>()
  return batches.map((batch) => {
    while (pending[0] !== undefined && pending[0].firstOffset < batch.nextOffset) {
      aborting.add(pending[0].producerId)
      pending.shift()
    }
    if (batch.isControl) {
      if (isAbortMarker(batch)) aborting.delete(batch.producerId)
      return false
    }
    return !(batch.isTransactional && aborting.has(batch.producerId))
  })
}

/** The key of a marker is two int16: a version, and 0 for an abort, 1 for a commit. */
function isAbortMarker(batch: RecordBatch): boolean {
  const key = batch.count > 0 ? batch.key(0) : null
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0
}
