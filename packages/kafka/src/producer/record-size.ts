import type { ProducerRecord } from '../ports.ts'

/** Bytes of a batch before its first record. */
export const batchOverhead = 61
const maxRecordOverhead = 21

/**
 * The most bytes that a batch with this one record can take, uncompressed: Java's estimate, by which it decides what
 * is too large, so that the same records are refused.
 */
export function estimateBatchSize(record: ProducerRecord): number {
  let size = batchOverhead + maxRecordOverhead + sizeOfBytes(record.key) + sizeOfBytes(record.value)
  if (record.headers === null) return size + 1
  size += sizeOfVarint(record.headers.length)
  for (const [key, value] of record.headers) {
    const length = Buffer.byteLength(key)
    size += sizeOfVarint(length) + length + sizeOfBytes(value)
  }
  return size
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
}

/** Lengths are written as zigzag varints: twice the length, seven bits a byte. */
function sizeOfVarint(length: number): number {
  if (length < 64) return 1
  if (length < 8192) return 2
  if (length < 1048576) return 3
  return length < 134217728 ? 4 : 5
}
