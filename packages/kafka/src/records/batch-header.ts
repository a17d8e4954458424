// A record batch (magic 2): 61 bytes of header, then the records, compressed as one.
//
//    0 int64 baseOffset          12 int32 partitionLeaderEpoch   23 int32 lastOffsetDelta   43 int64 producerId
//    8 int32 length after it     16 int8  magic                  27 int64 baseTimestamp     51 int16 producerEpoch
//                                17 uint32 crc of all after it   35 int64 maxTimestamp      53 int32 baseSequence
//                                21 int16 attributes                                        57 int32 count
//
// attributes: bits 0–2 codec, 3 timestamp type (1 = LogAppendTime), 4 transactional, 5 control.

import { KafkaError } from '../errors/kafka-error.ts'
import { readInt64, writeInt64 } from '../protocol/int64.ts'
import { compressionNames } from './compression.ts'
import type { CompressionName } from './compression.ts'
import { crc32c } from './crc32c.ts'

/** Bytes of a batch before its records. */
export const batchHeaderSize = 61
/** Bytes of a batch before what its length counts. */
export const batchPrefixSize = 12
const magicAt = 16
const crcAt = 17
const attributesAt = 21
const logAppendTimeBit = 8

/** Whose clock the timestamps of a batch are from. */
export type TimestampType = 'CreateTime' | 'LogAppendTime'

/** The header of one record batch. */
export interface BatchHeader {
  /** Where the batch starts in its buffer. */
  readonly position: number
  /** All bytes of the batch, its header included. */
  readonly size: number
  readonly baseOffset: number
  readonly partitionLeaderEpoch: number
  readonly crc: number
  readonly compression: CompressionName
  readonly timestampType: TimestampType
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  /** Records in the batch; compaction may have left fewer than the offsets it spans, even none. */
  readonly count: number
}

/** The size of the batch that starts at `position`, or −1 when the buffer ends before it does. */
export function batchSizeAt(buffer: Buffer, position: number): number {
  if (buffer.length - position <= magicAt) return -1
  const magic = buffer.readInt8(position + magicAt)
  const length = buffer.readInt32BE(position + 8)
  if (magic !== 2) throw unsupportedMagic(magic, readInt64(buffer, position))
  if (length < batchHeaderSize - batchPrefixSize) {
    throw new KafkaError(
      'CORRUPT_MESSAGE',
      `Record batch at offset ${readInt64(buffer, position)}: claims a length of ${length} bytes`,
    )
  }
  const size = batchPrefixSize + length
  return size > buffer.length - position ? -1 : size
}

function unsupportedMagic(magic: number, offset: number): KafkaError {
  const what = magic === 0 || magic === 1 ? `is in the old message format ${magic}` : `has the unknown format ${magic}`
  return new KafkaError(
    'UNSUPPORTED_FOR_MESSAGE_FORMAT',
    `Record batch at offset ${offset}: ${what}; only format 2, of Kafka 0.11 and later, can be read`,
  )
}

/**
 * Reads the header of the batch at `position`; its records are not looked at.
 * @throws KafkaError when the buffer does not hold the whole batch, or the batch is in another format
 */
export function readBatchHeader(buffer: Buffer, position: number = 0): BatchHeader {
  const size = batchSizeAt(buffer, position)
  if (size < 0) {
    throw new KafkaError('CORRUPT_MESSAGE', `Record batch at byte ${position}: the buffer ends before the batch does`)
  }
  const attributes = buffer.readInt16BE(position + attributesAt)
  const baseOffset = readInt64(buffer, position)
  const compression = compressionNames[attributes & 7]
  if (compression === undefined) {
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `Record batch at offset ${baseOffset}: unknown codec ${attributes & 7}`,
    )
  }
  return {
    position,
    size,
    baseOffset,
    partitionLeaderEpoch: buffer.readInt32BE(position + 12),
    crc: buffer.readUInt32BE(position + crcAt),
    compression,
    timestampType: (attributes & logAppendTimeBit) === 0 ? 'CreateTime' : 'LogAppendTime',
    isTransactional: (attributes & 16) !== 0,
    isControl: (attributes & 32) !== 0,
    lastOffsetDelta: buffer.readInt32BE(position + 23),
    baseTimestamp: readInt64(buffer, position + 27),
    maxTimestamp: readInt64(buffer, position + 35),
    producerId: buffer.readBigInt64BE(position + 43),
    producerEpoch: buffer.readInt16BE(position + 51),
    baseSequence: buffer.readInt32BE(position + 53),
    count: buffer.readInt32BE(position + 57),
  }
}

/** Refuses a batch whose bytes are not those that its writer checksummed. */
export function checkBatchCrc(buffer: Buffer, header: BatchHeader): void {
  const { position, size, crc, baseOffset } = header
  const found = crc32c(buffer.subarray(position + attributesAt, position + size))
  if (found === crc) return
  throw new KafkaError(
    'CORRUPT_MESSAGE',
    `Record batch at offset ${baseOffset}: its checksum is ${hex(crc)}, that of its ${size} bytes is ${hex(found)}`,
  )
}

/**
 * What a broker checks of a batch that a producer sent: format, length, checksum, and that it numbers its records
 * without a gap. The records themselves are not looked at.
 */
export function validateBatchHeader(buffer: Buffer, position: number = 0): BatchHeader {
  const header = readBatchHeader(buffer, position)
  checkBatchCrc(buffer, header)
  if (header.count < 1 || header.lastOffsetDelta !== header.count - 1) {
    throw new KafkaError(
      'INVALID_RECORD',
      `Record batch: has ${header.count} records, but ${header.lastOffsetDelta} as its last offset`,
    )
  }
  return header
}

/** Gives a batch its place in a log. Neither field is under the checksum. */
export function assignOffset(batch: Buffer, baseOffset: number, partitionLeaderEpoch: number): void {
  writeInt64(batch, baseOffset, 0)
  batch.writeInt32BE(partitionLeaderEpoch, 12)
}

/** Stamps a batch with the time of its append, as topics with LogAppendTime want, and renews the checksum. */
export function stampLogAppendTime(batch: Buffer, timestamp: number): void {
  batch.writeInt16BE(batch.readInt16BE(attributesAt) | logAppendTimeBit, attributesAt)
  writeInt64(batch, timestamp, 35)
  renewCrc(batch)
}

/** Gives a sealed batch another producer id, epoch and first sequence number, and renews the checksum. */
export function stampProducer(batch: Buffer, producerId: bigint, producerEpoch: number, baseSequence: number): void {
  batch.writeBigInt64BE(producerId, 43)
  batch.writeInt16BE(producerEpoch, 51)
  batch.writeInt32BE(baseSequence, 53)
  renewCrc(batch)
}

function renewCrc(batch: Buffer): void {
  batch.writeUInt32BE(crc32c(batch.subarray(attributesAt)), crcAt)
}

/** The header fields of a new batch. */
export interface NewBatchHeader {
  readonly compression: CompressionName
  readonly timestampType: TimestampType
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly baseOffset: number
  readonly partitionLeaderEpoch: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly count: number
}

/** Fills in the header of a batch whose records stand in place, and its checksum. */
export function writeBatchHeader(batch: Buffer, header: NewBatchHeader): void {
  const flags =
    (header.timestampType === 'LogAppendTime' ? logAppendTimeBit : 0) |
    (header.isTransactional ? 16 : 0) |
    (header.isControl ? 32 : 0)
  writeInt64(batch, header.baseOffset, 0)
  batch.writeInt32BE(batch.length - batchPrefixSize, 8)
  batch.writeInt32BE(header.partitionLeaderEpoch, 12)
  batch.writeInt8(2, magicAt)
  batch.writeInt16BE(compressionNames.indexOf(header.compression) | flags, attributesAt)
  batch.writeInt32BE(header.count - 1, 23)
  writeInt64(batch, header.baseTimestamp, 27)
  writeInt64(batch, header.maxTimestamp, 35)
  batch.writeBigInt64BE(header.producerId, 43)
  batch.writeInt16BE(header.producerEpoch, 51)
  batch.writeInt32BE(header.baseSequence, 53)
  batch.writeInt32BE(header.count, 57)
  renewCrc(batch)
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
