import { errorCode } from '@sluice/kafka/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchHeader } from './batch-header.ts'
import { producerExpirationMs, ProducerState } from './producer-state.ts'

function header(baseSequence: number, count: number, epoch = 0, producerId = 7): BatchHeader {
  return {
    size: 100,
    baseOffset: 0,
    leaderEpoch: 0,
    magic: 2,
    crc: 0,
    lastOffsetDelta: count - 1,
    maxTimestamp: 0,
    producerId,
    producerEpoch: epoch,
    baseSequence,
    count,
  }
}

function stateAfter(headers: readonly BatchHeader[]): ProducerState {
  const state = new ProducerState()
  let offset = 0
  for (const h of headers) {
    state.appended(h, offset, 1_000 + offset, 0)
    offset += h.count
  }
  return state
}

describe('the state of idempotent producers', () => {
  it('takes the next sequence and refuses a gap', () => {
    const state = stateAfter([header(0, 3)])
    expect(state.check(header(3, 1)).type).toBe('append')
    expect(state.check(header(4, 1))).toEqual({ type: 'refused', errorCode: errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    expect(state.check(header(2, 2))).toEqual({ type: 'refused', errorCode: errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
  })

  it('knows the last five batches again, with their offsets, and no older one', () => {
    const state = stateAfter(Array.from({ length: 7 }, (_, i) => header(i * 2, 2)))
    for (let i = 2; i < 7; i++)
      expect(state.check(header(i * 2, 2))).toEqual({ type: 'duplicate', baseOffset: i * 2, timestamp: 1_000 + i * 2 })
    expect(state.check(header(2, 2)).type).toBe('refused')
  })

  it('fences an older epoch and has a newer one begin at 0', () => {
    const state = stateAfter([header(0, 1, 3)])
    expect(state.check(header(1, 1, 2))).toEqual({ type: 'refused', errorCode: errorCode.INVALID_PRODUCER_EPOCH })
    expect(state.check(header(0, 1, 4)).type).toBe('append')
    expect(state.check(header(1, 1, 4))).toEqual({
      type: 'refused',
      errorCode: errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    })
  })

  it('counts on from 2147483647 to 0', () => {
    expect(stateAfter([header(2_147_483_647, 1)]).check(header(0, 1)).type).toBe('append')
    expect(stateAfter([header(2_147_483_646, 4)]).check(header(2, 1)).type).toBe('append')
  })

  it('has nothing to say of producers without an id, and lets unknown ones begin anywhere', () => {
    const state = stateAfter([])
    expect(state.check(header(-1, 1, -1, -1)).type).toBe('append')
    expect(state.check(header(42, 1)).type).toBe('append')
    expect(state.check(header(-1, 1)).type).toBe('refused')
  })

  it('forgets producers that have been silent for a day', () => {
    const state = stateAfter([header(0, 1)])
    state.expire(producerExpirationMs)
    expect(state.size).toBe(1)
    state.expire(producerExpirationMs + 1)
    expect(state.size).toBe(0)
  })

  it('stores every batch once and in order, however a producer with five in flight repeats itself', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30, size: 'max' })
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(4), { maxLength: 100, size: 'max' }), (counts, repeats) => {
        const state = new ProducerState()
        const stored: number[] = []
        let sequence = 0
        const batches = counts.map((count) => {
          const batch = header(sequence, count)
          sequence += count
          return batch
        })
        let repeat = 0
        batches.forEach((batch, i) => {
          expect(state.check(batch).type).toBe('append')
          state.appended(batch, batch.baseSequence, 0, 0)
          stored.push(batch.baseSequence)
          const back = repeats[repeat++ % Math.max(repeats.length, 1)] ?? 0
          const earlier = batches[Math.max(0, i - back)]!
          expect(state.check(earlier)).toEqual({ type: 'duplicate', baseOffset: earlier.baseSequence, timestamp: 0 })
        })
        expect(stored).toEqual(batches.map((b) => b.baseSequence))
      }),
      { seed: 11, numRuns: 200 },
    )
  })
})
