import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('doubles from the first pause up to the longest, a fifth up or down at random', () => {
  const bounds = { firstMs: 100, maxMs: 1000 }
  expect([1, 2, 3, 4, 5, 6, 100].map((failures) => backoffMs(failures, bounds, () => 0.5))).toEqual([
    100, 200, 400, 800, 1000, 1000, 1000,
  ])
  expect(backoffMs(1, bounds, () => 0)).toBeCloseTo(80)
  expect(backoffMs(9, bounds, () => 1)).toBeCloseTo(1200)
})

test('keeps the first pause when it is the longer one', () => {
  expect(backoffMs(3, { firstMs: 500, maxMs: 100 }, () => 0.5)).toBe(500)
})
