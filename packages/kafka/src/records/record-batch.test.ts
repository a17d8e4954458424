import * as library from '@platformatic/kafka'
import type { WireHeaders } from '@sluice/api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KafkaError } from '../errors/kafka-error.ts'
import { assignOffset, batchHeaderSize, stampProducer } from './batch-header.ts'
import { RecordBatchBuilder } from './record-batch-builder.ts'
import { readBatches } from './record-batch.ts'
import type { RecordBatch } from './record-batch.ts'

interface TestRecord {
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: WireHeaders | null
}

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null, freq: 4 })
const headers: fc.Arbitrary<WireHeaders> = fc.array(
  fc.tuple(fc.constantFrom('', 'a', 'a', 'name', 'größer'), fc.option(fc.uint8Array({ maxLength: 70 }), { nil: null })),
  { maxLength: 4 },
)
const timestamp = fc.oneof(
  fc.integer({ min: -(2 ** 42), max: 2 ** 42 }),
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
  fc.constantFrom(-1, 0),
)
const record: fc.Arbitrary<TestRecord> = fc.record({
  timestamp,
  key: bytes,
  value: bytes,
  headers: fc.option(headers, { nil: null }),
})

function builderOf(records: readonly TestRecord[]): RecordBatchBuilder {
  const builder = new RecordBatchBuilder(64 * 1024)
  records.forEach((one, i) => {
    expect(builder.append(one.timestamp, one.key, one.value, one.headers)).toBe(i)
  })
  return builder
}

function hex(value: Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString('hex')
}

/** A record in a form that is compared quickly and printed well. */
function plain(one: TestRecord): unknown {
  const headersOf = (one.headers ?? []).map(([name, value]) => [name, hex(value)])
  return [one.timestamp, hex(one.key), hex(one.value), headersOf]
}

function recordsOf(batch: RecordBatch): unknown[] {
  return Array.from({ length: batch.count }, (_, i) =>
    plain({ timestamp: batch.timestamp(i), key: batch.key(i), value: batch.value(i), headers: batch.headers(i) }),
  )
}

describe('a record batch', () => {
  test.each(['none', 'gzip', 'zstd'] as const)(
    'gives back every record as it was appended, codec %s',
    (compression) => {
      fc.assert(
        fc.property(fc.array(record, { minLength: 1, maxLength: 30 }), (records) => {
          const batch = Buffer.from(builderOf(records).seal({ compression, baseOffset: 1000 }))
          const [read, ...more] = readBatches(batch)
          expect(more).toEqual([])
          expect(recordsOf(read!)).toEqual(records.map(plain))
          expect(records.map((_, i) => read!.offset(i))).toEqual(records.map((_, i) => 1000 + i))
          expect(read!.nextOffset).toBe(1000 + records.length)
        }),
        { seed: 20260705, numRuns: compression === 'none' ? 400 : 60 },
      )
    },
  )

  test('carries what it was sealed with', () => {
    const builder = builderOf([{ timestamp: 5, key: null, value: null, headers: null }])
    const [read] = readBatches(
      builder.seal({
        producerId: 2n ** 60n,
        producerEpoch: 4,
        baseSequence: 99,
        isTransactional: true,
        isControl: true,
        partitionLeaderEpoch: 8,
        timestampType: 'LogAppendTime',
      }),
    )
    expect(read).toMatchObject({ isTransactional: true, isControl: true, timestampType: 'LogAppendTime' })
    expect(read).toMatchObject({ producerId: 2n ** 60n, producerEpoch: 4, baseSequence: 99, partitionLeaderEpoch: 8 })
  })

  test('says when it is full and keeps what it had', () => {
    const builder = new RecordBatchBuilder(batchHeaderSize + 40)
    const value = Buffer.alloc(20, 'v')
    expect(builder.append(1, null, value, null)).toBe(0)
    expect(builder.append(2, null, value, null)).toBe(-1)
    expect(builder).toMatchObject({ count: 1, size: batchHeaderSize + 27 })
    expect(builder.append(2, null, Buffer.alloc(6), null)).toBe(1)
    expect(builder.size).toBe(builder.capacity)
    expect(recordsOf(readBatches(builder.seal())[0]!)).toHaveLength(2)
  })

  test('takes no record that is larger than itself, and is reused after a reset', () => {
    const builder = new RecordBatchBuilder(100)
    expect(builder.append(1, null, Buffer.alloc(100), null)).toBe(-1)
    expect(builder.append(9, null, Buffer.from('a'), null)).toBe(0)
    builder.reset()
    expect(builder.append(3, null, Buffer.from('b'), null)).toBe(0)
    const [read] = readBatches(builder.seal())
    expect(recordsOf(read!)).toEqual([[3, null, '62', []]])
    expect(read!.header.maxTimestamp).toBe(3)
  })

  test('is sealed again with other options from the same records', () => {
    const builder = builderOf([{ timestamp: 1, key: null, value: Buffer.from('v'), headers: null }])
    expect(readBatches(builder.seal({ baseSequence: 1 }))[0]!.baseSequence).toBe(1)
    expect(readBatches(builder.seal({ baseSequence: 2, compression: 'gzip' }))[0]!.baseSequence).toBe(2)
  })

  test('without records is not sealed', () => {
    expect(() => new RecordBatchBuilder(100).seal()).toThrow('Sealing a record batch: it has no records')
  })

  test('takes whole milliseconds only, and the next batch where two are too far apart', () => {
    const builder = new RecordBatchBuilder(1000)
    for (const bad of [1.5, NaN, Infinity, 2 ** 53]) {
      expect(() => builder.append(bad, null, null, null)).toThrow(
        expect.objectContaining({ errorName: 'INVALID_TIMESTAMP', message: expect.stringContaining(String(bad)) }),
      )
    }
    expect(builder.append(2 ** 53 - 1, null, null, null)).toBe(0)
    expect(builder.append(0, null, null, null)).toBe(-1)
  })
})

describe('a run of batches', () => {
  const one = (value: string, offset: number): Buffer =>
    Buffer.from(
      builderOf([{ timestamp: 0, key: null, value: Buffer.from(value), headers: null }]).seal({ baseOffset: offset }),
    )

  test('is read to its end, an incomplete batch there left out wherever it is cut', () => {
    const run = Buffer.concat([one('a', 5), one('b', 6)])
    const first = one('a', 5).length
    for (let length = 0; length <= run.length; length++) {
      const offsets = readBatches(run.subarray(0, length)).map((batch) => batch.offset(0))
      expect(offsets).toEqual([5, 6].slice(0, length < first ? 0 : length < run.length ? 1 : 2))
    }
  })

  test('yields a batch that compaction has emptied, with the offset after it', () => {
    const empty = one('x', 40).subarray(0, batchHeaderSize)
    empty.writeInt32BE(batchHeaderSize - 12, 8)
    empty.writeInt32BE(6, 23)
    empty.writeInt32BE(0, 57)
    stampProducer(empty, -1n, -1, -1)
    const [batch] = readBatches(empty)
    expect(batch!.open()).toMatchObject({ count: 0, nextOffset: 47 })
  })

  test('is refused at a wrong checksum, unless checksums are not to be looked at', () => {
    const run = Buffer.concat([one('a', 5), one('b', 6)])
    run[run.length - 2] = (run[run.length - 2] ?? 0) ^ 1
    expect(() => readBatches(run)).toThrow('Record batch at offset 6: its checksum')
    expect(readBatches(run, { checkCrc: false })).toHaveLength(2)
  })

  test('names the batch whose records cannot be decompressed', () => {
    const builder = builderOf([{ timestamp: 0, key: null, value: Buffer.alloc(9000), headers: null }])
    const batch = Buffer.from(builder.seal({ compression: 'zstd', baseOffset: 33 }))
    expect(() => readBatches(batch, { maxDecompressedBytes: 5000 })[0]!.value(0)).toThrow(
      expect.objectContaining({
        errorName: 'RECORD_LIST_TOO_LARGE',
        message: 'Record batch at offset 33: Records of zstd exceed 5000 bytes',
      }),
    )
    batch.writeInt16BE(3, 21)
    stampProducer(batch, -1n, -1, -1)
    expect(() => readBatches(batch)[0]!.open()).toThrow(/^Record batch at offset 33: Records are compressed with lz4/)
  })
})

describe('hostile records', () => {
  /** A batch around the given bytes of records, with a right checksum. */
  function batchOf(records: Buffer, count: number): Buffer {
    const head = builderOf([{ timestamp: 0, key: null, value: null, headers: null }])
      .seal()
      .subarray(0, batchHeaderSize)
    const batch = Buffer.concat([head, records])
    batch.writeInt32BE(batch.length - 12, 8)
    batch.writeInt32BE(count, 57)
    assignOffset(batch, 500, 0)
    stampProducer(batch, -1n, -1, -1)
    return batch
  }

  test.each([
    ['a negative length', '01 00 00 00 01 01 00', 1, 'record 0 of 1 claims -1 bytes'],
    ['a length beyond the batch', '7e 00 00 00 01 01 00', 1, 'record 0 of 1 claims 63 bytes'],
    [
      'a key longer than the record',
      '0c 00 00 00 20 01 00',
      1,
      'record 0 of 1 has a field that does not fit into its 6 bytes',
    ],
    ['a key length of -2', '0c 00 00 00 03 01 00', 1, 'record 0 of 1 has a field'],
    ['a value length of -2', '0c 00 00 00 01 03 00', 1, 'record 0 of 1 has a field'],
    ['a value longer than the record', '0c 00 00 00 01 04 00', 1, 'record 0 of 1 has a field'],
    ['a negative number of headers', '0c 00 00 00 01 01 01', 1, 'record 0 of 1 has a field'],
    ['headers that are not there', '0c 00 00 00 01 01 02', 1, 'record 0 of 1 has a field'],
    ['two thousand million headers', '14 00 00 00 01 01 fe ff ff ff 0f', 1, 'record 0 of 1 has a field'],
    ['a null header name', '10 00 00 00 01 01 02 01 01', 1, 'record 0 of 1 has a field'],
    ['a negative offset delta', '0c 00 00 01 01 01 00', 1, 'record 0 of 1 has a field'],
    ['a varint without an end', 'ff ff ff ff ff ff ff ff', 1, 'record 0 of 1 has a length of more than 32 bits'],
    ['a timestamp without an end', '1e 00 ff ff ff ff ff ff ff ff ff ff ff ff ff ff', 1, 'record 0 of 1 has a field'],
    ['bytes after the last record', '0c 00 00 00 01 01 00 00', 1, 'has 1 bytes after its last record'],
    ['bytes within a record after its headers', '0e 00 00 00 01 01 00 00', 1, 'record 0 of 1 has a field'],
    ['more records than bytes', '0c 00 00 00 01 01 00', 2, 'claims 2 records in 7 bytes'],
    ['a negative count', '0c 00 00 00 01 01 00', -1, 'claims -1 records in 7 bytes'],
    ['two thousand million records', '0c 00 00 00 01 01 00', 0x7fffffff, 'claims 2147483647 records in 7 bytes'],
  ])('%s is refused with the offset of the batch', (_, records, count, message) => {
    const batch = batchOf(Buffer.from(records.replaceAll(' ', ''), 'hex'), count)
    const read = readBatches(batch)[0]!
    expect(() => read.open()).toThrow(
      expect.objectContaining({
        errorName: 'CORRUPT_MESSAGE',
        message: expect.stringContaining(`Record batch at offset 500: ${message}`),
      }),
    )
  })

  test('changed anywhere are refused, or lie within their batch', () => {
    let state = 20260706
    const random = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    const records = fc.sample(record, { seed: 3, numRuns: 12 })
    const good = Buffer.from(builderOf(records).seal())
    let refused = 0
    for (let round = 0; round < 20_000; round++) {
      const batch = Buffer.from(good)
      const at = batchHeaderSize + random(batch.length - batchHeaderSize)
      if (round % 2 === 0) batch[at] = random(256)
      else batch.fill(0xff, at, Math.min(batch.length, at + 1 + random(6)))
      const read = readBatches(batch, { checkCrc: false })[0]!
      try {
        read.open()
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        refused++
        continue
      }
      // No access fails once a batch is open.
      recordsOf(read)
    }
    expect(refused).toBeGreaterThan(3000)
  })
})

describe('@platformatic/kafka', () => {
  // Its reader goes through numbers of 32 bits in places, so the timestamps of a batch stay within some days here.
  const near = fc.integer({ min: 1_700_000_000_000, max: 1_701_000_000_000 })
  const inRange = fc.record({ timestamp: near, key: bytes, value: bytes, headers })

  test('reads the batches that we write', () => {
    fc.assert(
      fc.property(
        fc.array(inRange, { minLength: 1, maxLength: 10 }),
        fc.constantFrom('none', 'gzip', 'zstd'),
        (records, compression) => {
          const bytesOfBatch = Buffer.from(builderOf(records).seal({ compression, baseSequence: 4 }))
          const [batch] = library.readRecordsBatches(library.Reader.from(bytesOfBatch))
          const read = batch!.records.map((one) => [
            Number(batch!.firstTimestamp + one.timestampDelta),
            hex(one.key),
            hex(one.value),
            one.headers.map(([name, value]) => [String(name), hex(value)]),
          ])
          expect(batch!.firstSequence).toBe(4)
          expect(read).toEqual(records.map(plain))
        },
      ),
      { seed: 20260707, numRuns: 60 },
    )
  })

  test('writes batches that we read', () => {
    fc.assert(
      fc.property(fc.array(inRange, { minLength: 1, maxLength: 10 }), (records) => {
        const messages = records.map((one, i) => ({
          topic: 't',
          key: one.key === null ? null : Buffer.from(one.key),
          value: one.value === null ? null : Buffer.from(one.value),
          timestamp: BigInt(one.timestamp),
          headers: new Map([[Buffer.from('name'), Buffer.from([i])]]),
        }))
        const writer = library.createRecordsBatch(messages as never, {})
        const [batch] = readBatches(Buffer.from(writer.buffer))
        const expected = records.map((one, i) => plain({ ...one, headers: [['name', Buffer.from([i])]] }))
        expect(recordsOf(batch!)).toEqual(expected)
      }),
      { seed: 20260708, numRuns: 60 },
    )
  })
})
