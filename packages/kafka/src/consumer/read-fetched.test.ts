import { expect, test } from 'vitest'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import { readFetched } from './read-fetched.ts'

function batch(baseOffset: number): Buffer {
  const builder = new RecordBatchBuilder(200)
  builder.append(0, null, Buffer.from(`v${baseOffset}`), null)
  return Buffer.from(builder.seal({ baseOffset }))
}
const offsets = ({ batches }: { batches: readonly { baseOffset: number }[] }): number[] =>
  batches.map(({ baseOffset }) => baseOffset)

test('reads what stands before a corrupt batch, and names that one', () => {
  const corrupt = batch(1)
  corrupt[corrupt.length - 2]! ^= 1
  const run = readFetched(Buffer.concat([batch(0), corrupt, batch(2)]), true)
  expect(offsets(run)).toEqual([0])
  expect(run.error).toMatchObject({ errorName: 'CORRUPT_MESSAGE', message: expect.stringContaining('offset 1') })
})

test('leaves out a batch that the broker cut', () => {
  for (const length of [0, 5, 16, 61, batch(1).length - 1]) {
    const run = readFetched(Buffer.concat([batch(0), batch(1).subarray(0, length)]), true)
    expect([offsets(run), run.error]).toEqual([[0], null])
  }
})
