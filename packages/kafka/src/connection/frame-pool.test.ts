import { expect, test } from 'vitest'
import { FramePool } from './frame-pool.ts'

test('gives the same memory again once its last owner has let go', () => {
  const pool = new FramePool()
  const first = pool.acquire(100_000)
  expect(first.bytes.length).toBe(100_000)
  first.retain()
  first.release()
  const second = pool.acquire(100_000)
  expect(second.bytes.buffer).not.toBe(first.bytes.buffer)
  first.release()
  const third = pool.acquire(90_000)
  expect(third.bytes.buffer).toBe(first.bytes.buffer)
  // One release too many gives nothing away twice.
  first.release()
  expect(pool.acquire(90_000).bytes.buffer).not.toBe(first.bytes.buffer)
})

test('keeps the largest blocks, and no more than it is told to', () => {
  const pool = new FramePool(1)
  const [small, large] = [pool.acquire(70_000), pool.acquire(5_000_000)]
  large.release()
  small.release()
  expect(pool.acquire(4_500_000).bytes.buffer).toBe(large.bytes.buffer)
  expect(pool.acquire(70_000).bytes.buffer).not.toBe(small.bytes.buffer)
})
