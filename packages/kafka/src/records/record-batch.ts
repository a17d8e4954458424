import type { WireHeaders } from '@sluice/api'
import { KafkaError } from '../errors/kafka-error.ts'
import { batchHeaderSize, batchSizeAt, checkBatchCrc, readBatchHeader } from './batch-header.ts'
import type { BatchHeader, TimestampType } from './batch-header.ts'
import { decompress, defaultMaxDecompressedBytes } from './compression.ts'
import { headersAt, indexRecords, stride } from './record-index.ts'
import type { RecordIndex } from './record-index.ts'

/** How batches are read. */
export interface ReadOptions {
  /** On unless the bytes were checked already. */
  readonly checkCrc?: boolean
  /** The most that one batch may take once it is decompressed. */
  readonly maxDecompressedBytes?: number
}

/**
 * One record batch as columns: nothing is made for a record until it is asked for. Keys, values and header values of an
 * uncompressed batch are views of the buffer that the batch was read from.
 *
 * The records are decompressed and indexed by `open`, or at the first access to one of them; from then on no access
 * fails. A batch that is to be skipped need never be opened.
 */
export class RecordBatch {
  readonly header: BatchHeader
  private readonly source: Buffer
  private readonly maxDecompressedBytes: number
  private index: RecordIndex | null = null

  constructor(source: Buffer, header: BatchHeader, maxDecompressedBytes: number = defaultMaxDecompressedBytes) {
    this.source = source
    this.header = header
    this.maxDecompressedBytes = maxDecompressedBytes
  }

  get baseOffset(): number {
    return this.header.baseOffset
  }

  /** The offset after the batch, also of one that compaction has emptied. */
  get nextOffset(): number {
    return this.header.baseOffset + this.header.lastOffsetDelta + 1
  }

  get lastOffsetDelta(): number {
    return this.header.lastOffsetDelta
  }

  get partitionLeaderEpoch(): number {
    return this.header.partitionLeaderEpoch
  }

  get timestampType(): TimestampType {
    return this.header.timestampType
  }

  get producerId(): bigint {
    return this.header.producerId
  }

  get producerEpoch(): number {
    return this.header.producerEpoch
  }

  get baseSequence(): number {
    return this.header.baseSequence
  }

  get isTransactional(): boolean {
    return this.header.isTransactional
  }

  /** Whether the batch is a marker of a transaction: its records are not for applications. */
  get isControl(): boolean {
    return this.header.isControl
  }

  /** Records in the batch. */
  get count(): number {
    return this.header.count
  }

  /**
   * Decompresses and indexes the records, once.
   * @throws KafkaError that names the offset of the batch: corrupt records, a codec that we lack, too large
   */
  open(): this {
    this.opened()
    return this
  }

  private opened(): RecordIndex {
    return (this.index ??= this.load())
  }

  private load(): RecordIndex {
    const { header, source } = this
    const end = header.position + header.size
    const start = header.position + batchHeaderSize
    if (header.compression === 'none') return indexRecords(source.subarray(0, end), start, header)
    const records = this.decompressed(source.subarray(start, end))
    return indexRecords(records, 0, header)
  }

  private decompressed(records: Buffer): Buffer {
    try {
      return decompress(this.header.compression, records, this.maxDecompressedBytes)
    } catch (cause) {
      if (!(cause instanceof KafkaError)) throw cause
      const message = `Record batch at offset ${this.header.baseOffset}: ${cause.message}`
      throw new KafkaError(cause.errorName, message, { cause: cause.cause })
    }
  }

  offset(i: number): number {
    return this.header.baseOffset + (this.opened().ints[i * stride] as number)
  }

  timestamp(i: number): number {
    return this.opened().timestamps[i] as number
  }

  key(i: number): Buffer | null {
    return this.slice(i * stride + 1)
  }

  value(i: number): Buffer | null {
    return this.slice(i * stride + 3)
  }

  private slice(at: number): Buffer | null {
    const { bytes, ints } = this.opened()
    const length = ints[at + 1] as number
    if (length < 0) return null
    const start = ints[at] as number
    return bytes.subarray(start, start + length)
  }

  /** Headers in order, duplicates kept. */
  headers(i: number): WireHeaders {
    const { bytes, ints } = this.opened()
    return headersAt(bytes, ints[i * stride + 5] as number)
  }
}

/**
 * The batches in a run of them, as Fetch answers it; checksums are checked here, records are read when a batch is
 * opened. An incomplete batch at the end is left out: brokers cut where the limit of a fetch falls.
 */
export function readBatches(buffer: Buffer, options: ReadOptions = {}): RecordBatch[] {
  const batches: RecordBatch[] = []
  let position = 0
  while (position < buffer.length) {
    const size = batchSizeAt(buffer, position)
    if (size < 0) break
    const header = readBatchHeader(buffer, position)
    if (options.checkCrc !== false) checkBatchCrc(buffer, header)
    batches.push(new RecordBatch(buffer, header, options.maxDecompressedBytes))
    position += size
  }
  return batches
}
