import { expect, test } from 'vitest'
import { backoffMs, reconfigurationBackoff, retryDelayMs } from './retry-schedule.ts'

function delays(timeoutMs: number, maxDelayMs: number, random = 0.5): number[] {
  const found: number[] = []
  let nowMs = 1_000
  for (let failures = 1; found.length < 8; failures += 1) {
    const delay = retryDelayMs({ failures, startedAtMs: 1_000, nowMs, timeoutMs, maxDelayMs, random })
    if (delay === null) break
    found.push(delay)
    nowMs += delay
  }
  return found
}

test('errors.retry.timeout of 0 never retries', () => expect(delays(0, 60_000)).toEqual([]))

test('doubles from 300 ms and ends at the deadline', () => {
  expect(delays(6_000, 60_000)).toEqual([300, 600, 1_200, 2_400, 1_500])
})

test('above the maximum the delay is a random part of it', () => {
  expect(delays(-1, 1_000, 0.25)).toEqual([300, 600, 250, 250, 250, 250, 250, 250])
})

test('-1 retries for ever', () => expect(delays(-1, 60_000)).toHaveLength(8))

test('reconfiguration is tried again after 250 ms, doubling to a minute', () => {
  const found = [1, 2, 3, 8, 9, 10, 1_000].map((attempt) => backoffMs(reconfigurationBackoff, attempt))
  expect(found).toEqual([250, 500, 1_000, 32_000, 60_000, 60_000, 60_000])
})
