import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { KafkaError } from '../errors/kafka-error.ts'

/** The codecs of record batches, at their number in a batch's attributes. */
export const compressionNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** Every codec that a batch can name. */
export type CompressionName = (typeof compressionNames)[number]

/** The codecs that can be written and read. */
export type Compression = 'none' | 'gzip' | 'zstd'

/** How much one batch may grow when it is decompressed, unless the caller says otherwise. */
export const defaultMaxDecompressedBytes: number = 128 * 1024 * 1024

/** Compresses the records of a batch. Without a level the codec's own default is used, as Java does. */
export function compress(codec: Compression, records: Uint8Array, level: number | null = null): Buffer {
  if (codec === 'gzip') return gzipSync(records, level === null ? {} : { level })
  if (codec === 'zstd') {
    return zstdCompressSync(records, level === null ? {} : { params: { [constants.ZSTD_c_compressionLevel]: level } })
  }
  return Buffer.from(records)
}

/**
 * Decompresses the records of a batch; 'none' yields the bytes themselves, not a copy.
 * @throws KafkaError UNSUPPORTED_COMPRESSION_TYPE for snappy and lz4, RECORD_LIST_TOO_LARGE beyond `maxBytes`,
 * CORRUPT_MESSAGE for what is not data of the codec
 */
export function decompress(codec: CompressionName, records: Buffer, maxBytes: number): Buffer {
  if (codec === 'none') return records
  if (codec !== 'gzip' && codec !== 'zstd') {
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `Records are compressed with ${codec}; this version reads none, gzip and zstd`,
    )
  }
  const bounded = { maxOutputLength: maxBytes }
  try {
    return codec === 'gzip' ? gunzipSync(records, bounded) : zstdDecompressSync(records, bounded)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new KafkaError('RECORD_LIST_TOO_LARGE', `Records of ${codec} exceed ${maxBytes} bytes`, { cause })
    }
    throw new KafkaError('CORRUPT_MESSAGE', `Decompressing ${records.length} bytes of ${codec} failed`, { cause })
  }
}
