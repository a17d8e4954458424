import { errorCode } from '@sluice/kafka/protocol'
import { readBatches } from '@sluice/kafka/records'
import { describe, expect, it } from 'vitest'
import { batchOf, memoryLogOf, readAll } from '../../test/support/batches.ts'
import { findMaxTimestamp, findTimestamp } from './find-timestamp.ts'
import { ReadBuffers, ReadLease } from './read-lease.ts'

const lease = (): ReadLease => new ReadLease(new ReadBuffers())

describe('appending', () => {
  it('numbers records one after the other and stamps the leader epoch, leaving the checksum valid', () => {
    const log = memoryLogOf([])
    expect(log.append(batchOf(['a', 'b']), 0).baseOffset).toBe(0)
    expect(log.append(batchOf(['c']), 0).baseOffset).toBe(2)
    const { parts } = log.read(2, { maxBytes: 1_000, atLeastOne: true }, lease())
    const [batch] = readBatches(parts[0]!, { checkCrc: true })
    expect([batch!.baseOffset, batch!.partitionLeaderEpoch]).toEqual([2, 0])
    expect(readAll(log)).toEqual(['0:a', '1:b', '2:c'])
  })

  it('keeps the producer’s timestamps unless the topic wants the broker’s', () => {
    const created = memoryLogOf([batchOf(['a'], { timestamp: 77 })])
    expect(findTimestamp(created, 0, new ReadBuffers())?.timestamp).toBe(77)
    const appended = memoryLogOf([], { timestampType: 'LogAppendTime' })
    expect(appended.append(batchOf(['a'], { timestamp: 77 }), 5_000).logAppendTime).toBe(5_000)
    const { parts } = appended.read(0, { maxBytes: 1_000, atLeastOne: true }, lease())
    const [batch] = readBatches(parts[0]!, { checkCrc: true })
    expect([batch!.timestampType, batch!.timestamp(0)]).toEqual(['LogAppendTime', 5_000])
  })

  it('refuses what is not one whole, correct batch of format 2, and stays as it was', () => {
    const log = memoryLogOf([batchOf(['a'])])
    const good = batchOf(['b'])
    const flipped = Buffer.from(good)
    flipped[flipped.length - 1]! ^= 1
    const oldFormat = Buffer.from(good)
    oldFormat[16] = 1
    const codeOf = (records: Buffer): number => log.append(records, 0).errorCode
    expect(codeOf(flipped)).toBe(errorCode.CORRUPT_MESSAGE)
    expect(codeOf(good.subarray(0, good.length - 1))).toBe(errorCode.CORRUPT_MESSAGE)
    expect(codeOf(Buffer.alloc(0))).toBe(errorCode.CORRUPT_MESSAGE)
    expect(codeOf(oldFormat)).toBe(errorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT)
    expect(codeOf(Buffer.concat([good, good]))).toBe(errorCode.INVALID_RECORD)
    expect(codeOf(batchOf(['b'], { isControl: true }))).toBe(errorCode.INVALID_RECORD)
    expect(codeOf(batchOf(['b'], { isTransactional: true }))).toBe(errorCode.INVALID_TXN_STATE)
    expect(codeOf(batchOf(['x'.repeat(1_000_000)]))).toBe(errorCode.MESSAGE_TOO_LARGE)
    expect(readAll(log)).toEqual(['0:a'])
  })

  it('refuses timestamps too far from its own clock, unless it puts its own in their place', () => {
    const hour = 3_600_000
    const codeAt = (timestamp: number, settings: Parameters<typeof memoryLogOf>[1] = {}): number =>
      memoryLogOf([], settings).append(batchOf(['a'], { timestamp }), 10 * hour).errorCode
    expect([codeAt(11 * hour), codeAt(0), codeAt(-1)]).toEqual([0, 0, 0])
    expect(codeAt(11 * hour + 1)).toBe(errorCode.INVALID_TIMESTAMP)
    expect(codeAt(9 * hour - 1, { timestampBeforeMaxMs: hour })).toBe(errorCode.INVALID_TIMESTAMP)
    expect(codeAt(9 * hour, { timestampBeforeMaxMs: hour })).toBe(0)
    expect(codeAt(99 * hour, { timestampType: 'LogAppendTime' })).toBe(0)
  })

  it('tells those who wait', () => {
    const log = memoryLogOf([])
    let calls = 0
    const stop = log.onAppend(() => (calls += 1))
    log.append(batchOf(['a']), 0)
    stop()
    log.append(batchOf(['b']), 0)
    expect(calls).toBe(1)
  })
})

describe('reading', () => {
  const log = memoryLogOf(
    Array.from({ length: 500 }, (_, i) => batchOf([`v${i}a`, `v${i}b`])),
    { segmentBytes: 4_000 },
  )

  it('yields every record from any offset on, across segments, whatever the size of a fetch', () => {
    const all = readAll(log)
    expect(all).toHaveLength(1_000)
    expect(log.segments.length).toBeGreaterThan(5)
    for (const from of [0, 1, 2, 333, 998, 999]) expect(readAll(log, from)).toEqual(all.slice(from))
    for (const maxBytes of [1, 79, 1_000, 1_000_000]) expect(readAll(log, 0, maxBytes)).toEqual(all)
  })

  it('gives whole batches alone, and a too large first one only where the answer would else be empty', () => {
    const one = log.read(0, { maxBytes: 100_000, atLeastOne: false }, lease())
    expect(one.bytes).toBe(one.parts.reduce((sum, part) => sum + part.length, 0))
    const size = readBatches(one.parts[0]!)[0]!.header.size
    expect(log.read(0, { maxBytes: size - 1, atLeastOne: false }, lease()).bytes).toBe(0)
    expect(log.read(0, { maxBytes: size - 1, atLeastOne: true }, lease()).bytes).toBe(size)
    expect(log.read(0, { maxBytes: size * 2 + 5, atLeastOne: false }, lease()).bytes).toBe(size * 2)
    expect(log.read(1_000, { maxBytes: 100, atLeastOne: true }, lease()).bytes).toBe(0)
  })

  it('counts the bytes behind an offset', () => {
    const total = log.segments.reduce((sum, segment) => sum + segment.store.size, 0)
    expect(log.bytesFrom(0, Infinity)).toBe(total)
    expect(log.bytesFrom(1_000, Infinity)).toBe(0)
    const last = log.read(998, { maxBytes: 1_000, atLeastOne: true }, lease()).bytes
    expect(log.bytesFrom(999, Infinity)).toBe(last)
  })
})

describe('finding by time', () => {
  const log = memoryLogOf(
    Array.from({ length: 300 }, (_, i) =>
      batchOf(['a', 'b'], { timestamp: 1_000 + i * 10, compression: i % 2 === 0 ? 'gzip' : 'none' }),
    ),
    { segmentBytes: 3_000 },
  )
  const buffers = new ReadBuffers()

  it('finds the first record that is not older', () => {
    expect(findTimestamp(log, 0, buffers)).toEqual({ offset: 0, timestamp: 1_000 })
    expect(findTimestamp(log, 1_001, buffers)).toEqual({ offset: 1, timestamp: 1_001 })
    expect(findTimestamp(log, 1_002, buffers)).toEqual({ offset: 2, timestamp: 1_010 })
    expect(findTimestamp(log, 3_991, buffers)).toEqual({ offset: 599, timestamp: 3_991 })
    expect(findTimestamp(log, 3_992, buffers)).toBeNull()
  })

  it('finds the record with the greatest timestamp, and none in an empty log', () => {
    expect(findMaxTimestamp(log, buffers)).toEqual({ offset: 599, timestamp: 3_991 })
    expect(findMaxTimestamp(memoryLogOf([]), buffers)).toBeNull()
  })

  it('passes over records that have been deleted', () => {
    const shortened = memoryLogOf([batchOf(['a', 'b', 'c'])])
    shortened.deleteBefore(2)
    expect(findTimestamp(shortened, 0, buffers)?.offset).toBe(2)
  })
})

describe('deleting records', () => {
  it('moves the start and frees whole segments', () => {
    const log = memoryLogOf(
      Array.from({ length: 100 }, (_, i) => batchOf([`v${i}`])),
      { segmentBytes: 1_000 },
    )
    const before = log.segments.length
    log.deleteBefore(60)
    expect(log.startOffset).toBe(60)
    expect(log.segments.length).toBeLessThan(before)
    expect(readAll(log)).toEqual(Array.from({ length: 40 }, (_, i) => `${i + 60}:v${i + 60}`))
    log.deleteBefore(10)
    expect(log.startOffset).toBe(60)
    log.deleteBefore(100)
    expect([log.startOffset, log.endOffset, readAll(log)]).toEqual([100, 100, []])
    expect(log.append(batchOf(['next']), 0).baseOffset).toBe(100)
  })
})

describe('leader epochs', () => {
  it('say where the records of an epoch end', () => {
    const log = memoryLogOf([batchOf(['a', 'b'])])
    expect(log.endOfEpoch(0)).toEqual({ epoch: 0, endOffset: 2 })
    expect(log.endOfEpoch(1)).toEqual({ epoch: -1, endOffset: -1 })
    expect(log.epochAt(1)).toBe(0)
  })
})
