import { expect, test } from 'vitest'
import type { ByteReader } from './byte-reader.ts'
import { LineBuffer } from './line-buffer.ts'
import { type LineOrigin, readLines } from './read-lines.ts'

const everything = { lines: Infinity, bytes: Infinity }
const text = (line: string): string => line

/** Gives the texts one by one; an error is thrown in its turn, and nothing is left behind the last. */
function originOf(parts: readonly (string | Error)[], options: Partial<LineOrigin> = {}): LineOrigin {
  const left = [...parts]
  const reader: ByteReader = {
    async read(room) {
      const part = left.shift()
      if (part instanceof Error) throw part
      return part === undefined ? 0 : Buffer.from(part).copy(room)
    },
    idle: async () => {},
    close: async () => {},
  }
  return {
    buffer: new LineBuffer({ position: 0, chunkBytes: 8, maxLineBytes: 16 }),
    reader,
    signal: new AbortController().signal,
    tooLong: (position) => new RangeError(`too long at ${position}`),
    ...options,
  }
}

test('reads on until there is nothing', async () => {
  const origin = originOf(['a\nb', 'c\nd', 'e'])
  expect(await readLines(origin, everything, text)).toEqual(['a', 'bc'])
  expect(await readLines(origin, everything, text)).toEqual([])
})

test('reads no further than the limits', async () => {
  const origin = originOf(['a\nb\n', 'c\nd\n', 'e\n'])
  expect(await readLines(origin, { ...everything, lines: 3 }, text)).toEqual(['a', 'b', 'c'])
  expect(await readLines(origin, { ...everything, bytes: 1 }, text)).toEqual(['d'])
  expect(await readLines(origin, everything, text)).toEqual(['e'])
})

test('gives the lines before an error first, and loses none', async () => {
  const failure = new Error('EIO')
  const origin = originOf(['a\nb', failure, failure, '!\nc\n'])
  expect(await readLines(origin, everything, text)).toEqual(['a'])
  await expect(readLines(origin, everything, text)).rejects.toBe(failure)
  expect(await readLines(origin, everything, text)).toEqual(['b!', 'c'])
})

test('gives the lines before one that is too long first', async () => {
  const origin = originOf(['a\n', '12345678', '12345678', '12345678'])
  expect(await readLines(origin, everything, text)).toEqual(['a'])
  await expect(readLines(origin, everything, text)).rejects.toThrow('too long at 2')
})

test('ends with the task', async () => {
  const origin = originOf(['a\n', 'b\n'], { signal: AbortSignal.abort() })
  expect(await readLines(origin, everything, text)).toEqual([])
})
