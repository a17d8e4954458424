import { expect, test } from 'vitest'
import java from './testdata/java-producer.json' with { type: 'json' }
import { murmur2 } from './murmur2.ts'
import { partitionForKey, StickyPartitioner } from './partitioner.ts'

test('hashes keys as Java does, and places them on the same partition', () => {
  for (const [hex, hash, ofSeven] of java.murmur2 as [string, number, number][]) {
    const key = Buffer.from(hex, 'hex')
    expect(murmur2(key), hex).toBe(hash)
    expect(partitionForKey(key, 7), hex).toBe(ofSeven)
  }
})

test('stays with a partition until a batch of bytes went there, then draws another', () => {
  const draws = [0.1, 0.99, 0.5]
  const partitioner = new StickyPartitioner(100, () => draws.shift() ?? 0)
  const available = [0, 1, 2, 3]
  expect(partitioner.next(available, 4)).toBe(0)
  partitioner.sent(60)
  expect(partitioner.next(available, 4)).toBe(0)
  partitioner.sent(60)
  expect(partitioner.next(available, 4)).toBe(3)
  partitioner.sent(100)
  expect(partitioner.next(available, 4)).toBe(2)
})

test('leaves a partition that lost its leader, unless none has one', () => {
  const partitioner = new StickyPartitioner(100, () => 0)
  expect(partitioner.next([0, 1], 2)).toBe(0)
  expect(partitioner.next([1], 2)).toBe(1)
  expect(partitioner.next([], 2)).toBe(1)
})

test('spreads records without a key over all partitions', () => {
  let seed = 1
  const random = (): number => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const partitioner = new StickyPartitioner(10, random)
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < 4000; i++) {
    const partition = partitioner.next([0, 1, 2, 3], 4)
    counts[partition]!++
    partitioner.sent(10)
  }
  for (const count of counts) expect(count).toBeGreaterThan(800)
})
