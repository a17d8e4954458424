import { KafkaError } from '@sluice/kafka/protocol'
import { readBatches } from '@sluice/kafka/records'
import type { PartitionLog } from './partition-log.ts'
import { ReadLease, type ReadBuffers } from './read-lease.ts'
import type { PlacedBatch } from './scan-batches.ts'
import type { Segment } from './segment.ts'

/** A record by its place and time. */
export interface TimedOffset {
  readonly offset: number
  readonly timestamp: number
}

/** The first record from the start of the log on whose timestamp is at least this. */
export function findTimestamp(log: PartitionLog, timestamp: number, buffers: ReadBuffers): TimedOffset | null {
  for (const { segment, batch } of log.batchesSince(timestamp)) {
    if (batch.header.maxTimestamp < timestamp) continue
    const found = findInBatch(segment, batch, buffers, (t, offset) => t >= timestamp && offset >= log.startOffset)
    if (found !== null) return found
  }
  return null
}

/** The first of the records with the greatest timestamp of the log. */
export function findMaxTimestamp(log: PartitionLog, buffers: ReadBuffers): TimedOffset | null {
  if (log.startOffset === log.endOffset) return null
  let max = -1
  for (const segment of log.segments) max = Math.max(max, segment.maxTimestamp)
  return findTimestamp(log, max, buffers)
}

function findInBatch(
  segment: Segment,
  { position, header }: PlacedBatch,
  buffers: ReadBuffers,
  matches: (timestamp: number, offset: number) => boolean,
): TimedOffset | null {
  const lease = new ReadLease(buffers)
  try {
    const [bytes] = segment.store.read(position, header.size, lease)
    const [batch] = bytes === undefined ? [] : readBatches(bytes, { checkCrc: false })
    if (batch === undefined) return null
    for (let i = 0; i < batch.count; i++) {
      const timestamp = Math.min(batch.timestamp(i), header.maxTimestamp)
      const offset = batch.offset(i)
      if (matches(timestamp, offset)) return { offset, timestamp }
    }
    return null
  } catch (error) {
    // A codec that we cannot read: the batch as a whole is the best that can be said, and nothing in it is missed.
    if (error instanceof KafkaError) return { offset: header.baseOffset, timestamp: header.maxTimestamp }
    throw error
  } finally {
    lease.release()
  }
}
