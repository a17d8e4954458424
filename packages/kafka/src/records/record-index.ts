// Finds the records of a batch without making an object for any of them: six ints and a double for each.
//
// A record: varint length, int8 attributes, varlong timestampDelta, varint offsetDelta, varint keyLength, key,
// varint valueLength, value, varint headerCount, then for each header varint keyLength, key, varint valueLength, value.
//
// Kernel: it reads bytes through casts instead of checks. A read beyond the end of a typed array yields undefined,
// which the varint readers run into as a missing terminator or a value that the checks below refuse.

import type { WireHeaders } from '@sluice/api'
import { KafkaError } from '../errors/kafka-error.ts'
import type { BatchHeader } from './batch-header.ts'

/** Ints for each record: offset delta, key start and length, value start and length, start of the headers. */
export const stride = 6
/** The least bytes of a record: length, attributes, two deltas, two lengths, number of headers. */
const minRecordSize = 7

/** Where the records of a batch are. A length of −1 is null. */
export interface RecordIndex {
  readonly bytes: Buffer
  readonly ints: Int32Array
  readonly timestamps: Float64Array
}

// The position that the readers below share: it spares an object for each of a record's eight varints.
let cursor = 0

function varint(bytes: Uint8Array): number {
  const first = bytes[cursor++] as number
  if (first < 0x80) return (first >>> 1) ^ -(first & 1)
  let value = first & 0x7f
  for (let shift = 7; shift < 35; shift += 7) {
    const byte = bytes[cursor++] as number
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
  }
  return Number.NaN
}

/** Exact within ±2^53, else the nearest number, with the right sign. */
function varlong(bytes: Uint8Array): number {
  const first = bytes[cursor++] as number
  if (first < 0x80) return (first >>> 1) ^ -(first & 1)
  let magnitude = (first >>> 1) & 0x3f
  let scale = 0x40
  for (let more = 0; more < 9; more++) {
    const byte = bytes[cursor++] as number
    magnitude += (byte & 0x7f) * scale
    if (byte < 0x80) return first & 1 ? -magnitude - 1 : magnitude
    scale *= 0x80
  }
  return Number.NaN
}

/**
 * Indexes the decompressed records of a batch. Every length is checked, so that what the index points to lies within
 * the record it belongs to.
 * @throws KafkaError CORRUPT_MESSAGE that names the offset of the batch
 */
export function indexRecords(bytes: Buffer, start: number, header: BatchHeader): RecordIndex {
  const { count, baseTimestamp } = header
  const limit = bytes.length
  if (count < 0 || count * minRecordSize > limit - start) {
    throw corrupt(header, `claims ${count} records in ${limit - start} bytes`)
  }
  const ints = new Int32Array(count * stride)
  const timestamps = new Float64Array(count)
  const appendTime = header.timestampType === 'LogAppendTime'
  cursor = start
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    const length = varint(bytes)
    const end = cursor + length
    if (!(length >= 0 && end <= limit)) throw badRecord(header, i, badLength(length))
    cursor++ // attributes of a record: none are defined
    const delta = varlong(bytes)
    timestamps[i] = appendTime ? header.maxTimestamp : baseTimestamp + delta
    const offsetDelta = varint(bytes)
    ints[at] = offsetDelta
    const sound = delta === delta && offsetDelta >= 0 && indexPayload(bytes, ints, at, end)
    if (!sound) throw badRecord(header, i, `has a field that does not fit into its ${length} bytes`)
  }
  if (cursor !== limit) throw corrupt(header, `has ${limit - cursor} bytes after its last record`)
  return { bytes, ints, timestamps }
}

/** Key, value and headers of one record; false when they do not end exactly where the record does. */
function indexPayload(bytes: Uint8Array, ints: Int32Array, at: number, end: number): boolean {
  const keyLength = varint(bytes)
  ints[at + 1] = cursor
  ints[at + 2] = keyLength
  if (keyLength > 0) cursor += keyLength
  const valueLength = varint(bytes)
  ints[at + 3] = cursor
  ints[at + 4] = valueLength
  if (valueLength > 0) cursor += valueLength
  ints[at + 5] = cursor
  // A NaN fails each of these comparisons, and so does whatever was read beyond the end of the record.
  if (!(keyLength >= -1 && valueLength >= -1 && cursor < end)) return false
  const headers = varint(bytes)
  if (headers !== 0) skipHeaders(bytes, headers, end)
  return cursor === end
}

/** Passes over the headers of a record; leaves the cursor at −1 when they do not fit. */
function skipHeaders(bytes: Uint8Array, count: number, end: number): void {
  for (let left = count; left > 0; left--) {
    const keyLength = varint(bytes)
    if (!(keyLength >= 0)) break
    cursor += keyLength
    if (cursor >= end) break
    const valueLength = varint(bytes)
    if (!(valueLength >= -1)) break
    if (valueLength > 0) cursor += valueLength
    if (cursor > end) break
    if (left === 1) return
  }
  cursor = -1
}

const noHeaders: WireHeaders = Object.freeze([])

/** Reads the headers of an indexed record, in order, duplicates kept. Values are views. */
export function headersAt(bytes: Buffer, position: number): WireHeaders {
  cursor = position
  const count = varint(bytes)
  if (count === 0) return noHeaders
  const headers: [string, Buffer | null][] = []
  for (let i = 0; i < count; i++) {
    const keyLength = varint(bytes)
    const key = bytes.toString('utf8', cursor, cursor + keyLength)
    cursor += keyLength
    const valueLength = varint(bytes)
    headers.push([key, valueLength < 0 ? null : bytes.subarray(cursor, cursor + valueLength)])
    if (valueLength > 0) cursor += valueLength
  }
  return headers
}

function badLength(length: number): string {
  return Number.isNaN(length) ? 'has a length of more than 32 bits' : `claims ${length} bytes`
}

function badRecord(header: BatchHeader, index: number, what: string): KafkaError {
  return corrupt(header, `record ${index} of ${header.count} ${what}`)
}

function corrupt(header: BatchHeader, what: string): KafkaError {
  return new KafkaError('CORRUPT_MESSAGE', `Record batch at offset ${header.baseOffset}: ${what}`)
}
