import { expect, test } from 'vitest'
import { readBatches } from '../records/record-batch.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import { visibleBatches } from './visible-batches.ts'

type Written = readonly [kind: 'plain' | 'open' | 'commit' | 'abort', producerId: number]

/** A log in which each entry takes one offset. */
function log(...entries: Written[]): RecordBatch[] {
  return entries.flatMap(([kind, producerId], baseOffset) => {
    const builder = new RecordBatchBuilder(200)
    const isControl = kind === 'commit' || kind === 'abort'
    const key = isControl ? Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]) : null
    builder.append(0, key, Buffer.from('v'), null)
    const batch = builder.seal({
      baseOffset,
      isControl,
      isTransactional: kind !== 'plain',
      producerId: BigInt(producerId),
      producerEpoch: 0,
      baseSequence: isControl ? -1 : 0,
    })
    return readBatches(batch)
  })
}

test('hides markers, and nothing else, from who reads what is uncommitted', () => {
  const batches = log(['plain', -1], ['open', 1], ['abort', 1], ['open', 1], ['commit', 1])
  expect(visibleBatches(batches, null, 'read_uncommitted')).toEqual([true, true, false, true, false])
})

test('hides what aborted transactions wrote, each up to its own marker', () => {
  const batches = log(
    ['open', 1],
    ['open', 2],
    ['plain', -1],
    ['abort', 1],
    ['open', 1],
    ['commit', 2],
    ['abort', 1],
    ['open', 1],
    ['commit', 1],
  )
  // The same producer aborts twice within one fetch.
  const aborted = [
    { producerId: 1n, firstOffset: 4 },
    { producerId: 1n, firstOffset: 0 },
  ]
  expect(visibleBatches(batches, aborted, 'read_committed')).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
    false,
    true,
    false,
  ])
})

test('hides an aborted transaction whose marker lies beyond the fetch', () => {
  const batches = log(['open', 1], ['open', 2], ['open', 1])
  expect(visibleBatches(batches, [{ producerId: 1n, firstOffset: 0 }], 'read_committed')).toEqual([false, true, false])
})

test('hides a transaction that began before the fetch', () => {
  const all = log(['open', 1], ['open', 1], ['abort', 1], ['plain', -1])
  const aborted = [{ producerId: 1n, firstOffset: 0 }]
  expect(visibleBatches(all.slice(1), aborted, 'read_committed')).toEqual([false, false, true])
})
