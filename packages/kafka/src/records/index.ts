export {
  assignOffset,
  batchHeaderSize,
  checkBatchCrc,
  readBatchHeader,
  stampLogAppendTime,
  stampProducer,
  validateBatchHeader,
} from './batch-header.ts'
export type { BatchHeader, TimestampType } from './batch-header.ts'
export { compress, decompress, defaultMaxDecompressedBytes } from './compression.ts'
export type { Compression, CompressionName } from './compression.ts'
export { crc32c } from './crc32c.ts'
export { readBatches, RecordBatch } from './record-batch.ts'
export type { ReadOptions } from './record-batch.ts'
export { RecordBatchBuilder } from './record-batch-builder.ts'
export type { SealOptions } from './record-batch-builder.ts'
