import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endLease, type Lease, leaseHolds, noLease, renewLease } from './lease.ts'

test('holds until its end and not a moment longer', () => {
  const lease = renewLease(noLease, { epoch: 1, expiresAtMs: 100 })
  expect(leaseHolds(noLease, 0)).toBe(false)
  expect(leaseHolds(lease, 99)).toBe(true)
  expect(leaseHolds(lease, 100)).toBe(false)
})

test('a late renewal of the same epoch neither shortens it nor revives an older epoch', () => {
  const lease = renewLease({ epoch: 2, expiresAtMs: 100 }, { epoch: 2, expiresAtMs: 50 })
  expect(lease.expiresAtMs).toBe(100)
  expect(renewLease(lease, { epoch: 1, expiresAtMs: 500 })).toBe(lease)
})

test('ended, it stays ended whatever is offered for its epoch (I6)', () => {
  const ended = endLease({ epoch: 2, expiresAtMs: 100 })
  expect(leaseHolds(renewLease(ended, { epoch: 2, expiresAtMs: 900 }), 0)).toBe(false)
  expect(leaseHolds(renewLease(ended, { epoch: 3, expiresAtMs: 900 }), 0)).toBe(true)
})

test('offers in any order end in the same lease: the newest epoch, for as long as it was ever offered (I6)', () => {
  const offer = fc.record({ epoch: fc.integer({ min: 0, max: 3 }), expiresAtMs: fc.integer({ min: 0, max: 50 }) })
  const fold = (offers: readonly Lease[]): Lease => offers.reduce(renewLease, noLease)
  fc.assert(
    fc.property(fc.array(offer, { minLength: 1 }), fc.infiniteStream(fc.nat()), (offers, order) => {
      const shuffled = offers.map((lease) => ({ lease, at: order.next().value })).toSorted((a, b) => a.at - b.at)
      const held = fold(shuffled.map(({ lease }) => lease))
      const epoch = Math.max(...offers.map((lease) => lease.epoch))
      const longest = Math.max(...offers.filter((lease) => lease.epoch === epoch).map((lease) => lease.expiresAtMs))
      expect(held).toEqual({ epoch, expiresAtMs: longest })
    }),
    { seed: 6, numRuns: 500 },
  )
})
