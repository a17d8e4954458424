import type { WireHeaders } from '@sluice/api'
import { KafkaError } from '../errors/kafka-error.ts'
import { batchHeaderSize, writeBatchHeader } from './batch-header.ts'
import type { TimestampType } from './batch-header.ts'
import { compress } from './compression.ts'
import type { Compression } from './compression.ts'
import { maxVarlong, sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts'

/** What a batch carries besides its records. The defaults are those of a producer that is not idempotent. */
export interface SealOptions {
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly compression?: Compression
  readonly compressionLevel?: number | null
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  readonly baseOffset?: number
  readonly partitionLeaderEpoch?: number
  readonly timestampType?: TimestampType
}

/**
 * Builds one record batch in memory of its own: `append` writes a record straight to where it will be sent from,
 * `seal` puts the header before it. `reset` starts the next batch in the same memory.
 */
export class RecordBatchBuilder {
  private readonly buffer: Buffer
  private end = batchHeaderSize
  private records = 0
  private baseTimestamp = 0
  private maxTimestamp = 0

  /** @param capacity most bytes of the batch before compression, its 61 bytes of header included */
  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafeSlow(capacity)
  }

  get capacity(): number {
    return this.buffer.length
  }

  /** Records appended since the last reset. */
  get count(): number {
    return this.records
  }

  /** Bytes of the batch so far, uncompressed, its header included. */
  get size(): number {
    return this.end
  }

  /**
   * Copies a record to the end of the batch and returns its index there, or −1 when the batch has no room for it:
   * seal it and start another, a larger one if it is still empty.
   * @param timestamp milliseconds since 1970, a whole number; −1 is Kafka's "no timestamp"
   */
  append(timestamp: number, key: Uint8Array | null, value: Uint8Array | null, headers: WireHeaders | null): number {
    if (!Number.isSafeInteger(timestamp)) {
      throw new KafkaError(
        'INVALID_TIMESTAMP',
        `Appending a record: its timestamp is ${timestamp}, not whole milliseconds`,
      )
    }
    if (this.records === 0) this.baseTimestamp = this.maxTimestamp = timestamp
    const delta = timestamp - this.baseTimestamp
    if (delta > maxVarlong || delta < -maxVarlong) return -1
    const size =
      1 +
      sizeOfVarlong(delta) +
      sizeOfVarint(this.records) +
      sizeOfBytes(key) +
      sizeOfBytes(value) +
      (headers === null ? 1 : sizeOfHeaders(headers))
    if (this.end + sizeOfVarint(size) + size > this.buffer.length) return -1
    const bytes = this.buffer
    let at = writeVarint(bytes, size, this.end)
    bytes[at++] = 0 // attributes of a record: none are defined
    at = writeVarlong(bytes, delta, at)
    at = writeVarint(bytes, this.records, at)
    at = writeBytes(bytes, key, at)
    at = writeBytes(bytes, value, at)
    if (headers === null) bytes[at++] = 0
    else at = writeHeaders(bytes, headers, at)
    this.end = at
    if (timestamp > this.maxTimestamp) this.maxTimestamp = timestamp
    return this.records++
  }

  /**
   * The finished batch. Uncompressed it is a view of the builder's memory and good until `reset`; compressed it has
   * memory of its own. A batch may be sealed again with other options.
   */
  seal(options: SealOptions = {}): Buffer {
    if (this.records === 0) throw new KafkaError('INVALID_RECORD', 'Sealing a record batch: it has no records')
    const compression = options.compression ?? 'none'
    const batch = this.laidOut(compression, options.compressionLevel ?? null)
    writeBatchHeader(batch, {
      compression,
      timestampType: options.timestampType ?? 'CreateTime',
      isTransactional: options.isTransactional ?? false,
      isControl: options.isControl ?? false,
      baseOffset: options.baseOffset ?? 0,
      partitionLeaderEpoch: options.partitionLeaderEpoch ?? -1,
      baseTimestamp: this.baseTimestamp,
      maxTimestamp: this.maxTimestamp,
      producerId: options.producerId ?? -1n,
      producerEpoch: options.producerEpoch ?? -1,
      baseSequence: options.baseSequence ?? -1,
      count: this.records,
    })
    return batch
  }

  private laidOut(compression: Compression, level: number | null): Buffer {
    if (compression === 'none') return this.buffer.subarray(0, this.end)
    const packed = compress(compression, this.buffer.subarray(batchHeaderSize, this.end), level)
    const batch = Buffer.allocUnsafeSlow(batchHeaderSize + packed.length)
    batch.set(packed, batchHeaderSize)
    return batch
  }

  /** Forgets the records, to build the next batch. Views that `seal` returned are no longer good. */
  reset(): void {
    this.end = batchHeaderSize
    this.records = 0
  }
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
}

function sizeOfHeaders(headers: WireHeaders): number {
  let size = sizeOfVarint(headers.length)
  for (const [key, value] of headers) {
    const length = Buffer.byteLength(key)
    size += sizeOfVarint(length) + length + sizeOfBytes(value)
  }
  return size
}

function writeBytes(target: Buffer, bytes: Uint8Array | null, position: number): number {
  if (bytes === null) {
    target[position] = 1 // the varint −1
    return position + 1
  }
  const at = writeVarint(target, bytes.length, position)
  if (bytes.length > 0) target.set(bytes, at)
  return at + bytes.length
}

function writeHeaders(target: Buffer, headers: WireHeaders, position: number): number {
  let at = writeVarint(target, headers.length, position)
  for (const [key, value] of headers) {
    const length = Buffer.byteLength(key)
    at = writeVarint(target, length, at)
    target.write(key, at, length, 'utf8')
    at = writeBytes(target, value, at + length)
  }
  return at
}
