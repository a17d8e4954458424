import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findDifference } from './check-output.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-check-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const set = { file: '', attribution: '' }
const sets = [
  { ...set, name: 'one', lines: ['größe', '', 'c'] },
  { ...set, name: 'two', lines: ['größe', 'b'] },
]
const one = ['größe', '', 'c'].map((line) => ({ line, set: 'one' }))
const two = ['größe', 'b'].map((line) => ({ line, set: 'two' }))

function difference(records: readonly unknown[]): Promise<string | null> {
  const file = join(folder, 'output.jsonl')
  writeFileSync(
    file,
    records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join(''),
  )
  return findDifference(file, sets)
}

test('accepts every line once, the sets interleaved in any way', async () => {
  expect(await difference([...one, ...two])).toBeNull()
  expect(await difference([two[0], one[0], one[1], two[1], one[2]])).toBeNull()
})

test.each([
  ['a missing line', [one[0], one[2], ...two], 'should be line 2 of one, and is line 3'],
  ['missing last lines', [one[0], ...two], '2 lines of one are missing, from line 2 on'],
  ['a repeated line', [one[0], one[0], one[1], one[2], ...two], 'should be line 2 of one, and is line 1'],
  ['a line after the last', [...one, ...two, two[1]], 'should be line 3 of two, and is line 2'],
  ['a changed line', [{ line: 'gröse', set: 'one' }, ...two], 'should be line 1 of one, and is no line of the source'],
  ['a record of nobody', [{ line: 'x', set: 'three' }], 'is none of ours'],
  ['what is no JSON', ['größe'], 'is none of ours'],
])('names %s', async (_what, records, sentence) => {
  expect(await difference(records)).toContain(sentence)
})
