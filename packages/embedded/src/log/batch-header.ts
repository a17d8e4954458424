import { batchHeaderSize, crc32c } from '@sluice/kafka/records'

/** Bytes of a batch that its length does not count: base offset and length itself. */
const batchOverhead = 12
const attributesAt = 21

/**
 * What a log needs of a batch's header. The layout stands in the record codec; here it is read where the rest of the
 * batch need not be in memory, or may not exist.
 */
export interface BatchHeader {
  /** Bytes of the whole batch. */
  readonly size: number
  readonly baseOffset: number
  readonly leaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly lastOffsetDelta: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly count: number
}

/** Decodes the header at `position`, where at least `batchHeaderSize` bytes must stand. Checks nothing. */
export function readBatchHeader(bytes: Buffer, position: number): BatchHeader {
  return {
    size: bytes.readInt32BE(position + 8) + batchOverhead,
    baseOffset: readInt64(bytes, position),
    leaderEpoch: bytes.readInt32BE(position + 12),
    magic: bytes.readInt8(position + 16),
    crc: bytes.readUInt32BE(position + 17),
    lastOffsetDelta: bytes.readInt32BE(position + 23),
    maxTimestamp: readInt64(bytes, position + 35),
    producerId: readInt64(bytes, position + 43),
    producerEpoch: bytes.readInt16BE(position + 51),
    baseSequence: bytes.readInt32BE(position + 53),
    count: bytes.readInt32BE(position + 57),
  }
}

/** The offset behind the last record of the batch. */
export function nextOffsetOf(header: BatchHeader): number {
  return header.baseOffset + header.lastOffsetDelta + 1
}

/** What is wrong with the header taken by itself; null if nothing is. */
export function headerProblem(header: BatchHeader): string | null {
  if (header.size < batchHeaderSize) return `a batch of ${header.size} bytes`
  if (header.magic !== 2) return `record format ${header.magic}`
  if (header.count < 1 || header.lastOffsetDelta !== header.count - 1)
    return `${header.count} records over ${header.lastOffsetDelta + 1} offsets`
  return null
}

/** Whether these bytes, one whole batch, are those that the producer signed. */
export function hasValidCrc(batch: Buffer, header: BatchHeader): boolean {
  return crc32c(batch.subarray(attributesAt)) === header.crc
}

function readInt64(bytes: Buffer, position: number): number {
  return bytes.readInt32BE(position) * 0x1_0000_0000 + bytes.readUInt32BE(position + 4)
}
