import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { errorCode } from '@sluice/kafka/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, logEnvironment, readAll, recordingLog } from '../../test/support/batches.ts'
import { openDiskLog } from './open-log.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sluice-log-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const segment = '00000000000000000000.log'

/** What a killed process leaves: files that nobody has closed. */
function reopen(log = recordingLog(), settings = {}): ReturnType<typeof openDiskLog> {
  return openDiskLog(dir, logEnvironment(settings, log))
}

describe('a log on disk', () => {
  it('is found again as it was left, without having been closed', () => {
    const log = reopen()
    for (let i = 0; i < 50; i++) log.append(batchOf([`v${i}`, `w${i}`]), 0)
    const messages = recordingLog()
    const again = reopen(messages)
    expect(readAll(again)).toEqual(readAll(log))
    expect(again.append(batchOf(['next']), 0).baseOffset).toBe(100)
    expect(messages.messages).toEqual([])
  })

  it('is found again over many segments', () => {
    const log = reopen(recordingLog(), { segmentBytes: 500 })
    for (let i = 0; i < 100; i++) log.append(batchOf([`v${i}`]), 0)
    expect(readdirSync(dir).length).toBeGreaterThan(10)
    const again = reopen(recordingLog(), { segmentBytes: 500 })
    expect(readAll(again)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}:v${i}`))
    expect(readAll(again, 37)).toEqual(Array.from({ length: 63 }, (_, i) => `${i + 37}:v${i + 37}`))
  })

  it('recognises a duplicate over a restart', () => {
    const batch = (baseSequence: number, value: string): Buffer =>
      batchOf([value], { producerId: 5n, producerEpoch: 0, baseSequence })
    const log = reopen()
    for (let i = 0; i < 8; i++) log.append(batch(i, `v${i}`), 0)
    const again = reopen()
    expect(again.append(batch(6, 'v6'), 0).baseOffset).toBe(6)
    expect(again.append(batch(9, 'v9'), 0).errorCode).toBe(errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(again.append(batch(8, 'v8'), 0).baseOffset).toBe(8)
    expect(readAll(again)).toEqual(Array.from({ length: 9 }, (_, i) => `${i}:v${i}`))
  })

  it('remembers where deleted records ended, and never gives an offset out twice', () => {
    const log = reopen(recordingLog(), { segmentBytes: 300 })
    for (let i = 0; i < 20; i++) log.append(batchOf([`v${i}`]), 0)
    log.deleteBefore(15)
    expect([reopen().startOffset, readAll(reopen())[0]]).toEqual([15, '15:v15'])
    for (const name of readdirSync(dir)) if (name.endsWith('.log')) rmSync(path.join(dir, name))
    const emptied = reopen()
    expect([emptied.startOffset, emptied.append(batchOf(['next']), 0).baseOffset]).toEqual([15, 15])
  })

  it('knows the epochs of its records after a restart', () => {
    reopen().append(batchOf(['a', 'b']), 0)
    const second = openDiskLog(dir, { ...logEnvironment(), leaderEpoch: 1 })
    second.append(batchOf(['c']), 0)
    const third = openDiskLog(dir, { ...logEnvironment(), leaderEpoch: 2 })
    expect(third.endOfEpoch(0)).toEqual({ epoch: 0, endOffset: 2 })
    expect(third.endOfEpoch(1)).toEqual({ epoch: 1, endOffset: 3 })
    expect(third.endOfEpoch(2)).toEqual({ epoch: 2, endOffset: 3 })
    expect([third.epochAt(1), third.epochAt(2), third.epochAt(3)]).toEqual([0, 1, 2])
  })
})

describe('the end of a log after kill -9', () => {
  const values = ['one', 'two', 'drei mit ü']

  function threeBatches(): { readonly bytes: Buffer; readonly ends: number[] } {
    const log = reopen()
    const ends: number[] = []
    for (const value of values) {
      log.append(batchOf([value], { producerId: 1n, producerEpoch: 0, baseSequence: ends.length }), 0)
      ends.push(readFileSync(path.join(dir, segment)).length)
    }
    return { bytes: readFileSync(path.join(dir, segment)), ends }
  }

  const expected = (count: number): string[] => values.slice(0, count).map((v, i) => `${i}:${v}`)

  it('is cut off at the last whole batch, wherever it was torn, and the log goes on from there', () => {
    const { bytes, ends } = threeBatches()
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(path.join(dir, segment), bytes.subarray(0, length))
      const whole = ends.filter((end) => end <= length).length
      const messages = recordingLog()
      const log = reopen(messages)
      expect(readAll(log)).toEqual(expected(whole))
      expect(messages.messages.length).toBe(length === 0 || ends.includes(length) ? 0 : 1)
      const next = batchOf(['next'], { producerId: 1n, producerEpoch: 0, baseSequence: whole })
      expect(log.append(next, 0).baseOffset).toBe(whole)
      expect(readAll(reopen())).toEqual([...expected(whole), `${whole}:next`])
    }
  })

  it('is cut off before the first batch with a damaged byte, whichever byte it is', () => {
    const { bytes, ends } = threeBatches()
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 0x5a
      writeFileSync(path.join(dir, segment), damaged)
      const intact = ends.filter((end) => end <= at).length
      const records = readAll(reopen())
      // The leader epoch is the broker's own and stands outside the checksum: damage there goes unseen and is harmless.
      const inBatch = at - (ends[intact - 1] ?? 0)
      expect(records).toEqual(expected(inBatch >= 12 && inBatch < 16 ? 3 : intact))
      writeFileSync(path.join(dir, segment), bytes)
    }
  })

  it('survives any garbage behind it', () => {
    const { bytes } = threeBatches()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300, size: 'max' }), (garbage) => {
        writeFileSync(path.join(dir, segment), Buffer.concat([bytes, garbage]))
        expect(readAll(reopen())).toEqual(expected(3))
      }),
      { seed: 4, numRuns: 150 },
    )
  })

  it('survives blocks of zeros, as a power cut leaves them', () => {
    const { bytes } = threeBatches()
    for (const zeros of [1, 11, 12, 60, 61, 62, 4096]) {
      writeFileSync(path.join(dir, segment), Buffer.concat([bytes, Buffer.alloc(zeros)]))
      expect(readAll(reopen())).toEqual(expected(3))
    }
  })

  it('sets aside, and does not delete, what lies behind damage in the middle', () => {
    const log = reopen(recordingLog(), { segmentBytes: 100 })
    for (let i = 0; i < 5; i++) log.append(batchOf([`v${i}`]), 0)
    const names = readdirSync(dir).toSorted()
    expect(names).toHaveLength(5)
    const middle = path.join(dir, names[2]!)
    copyFileSync(middle, `${middle}.copy`)
    writeFileSync(middle, readFileSync(middle).subarray(0, 30))
    const messages = recordingLog()
    expect(readAll(reopen(messages))).toEqual(['0:v0', '1:v1'])
    expect(messages.messages).toEqual(['error: A log is damaged in its middle: what follows was set aside'])
    expect(readdirSync(dir).filter((name) => name.endsWith('.unreadable'))).toHaveLength(2)
  })
})
