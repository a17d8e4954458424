import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileBytes, type ModelLine, modelLines } from '../test/line-model.ts'
import { LineBuffer, type LineBufferOptions } from './line-buffer.ts'

interface Feeding {
  /** Sizes of the pieces in which the bytes come; the last one is repeated. */
  readonly pieces?: readonly number[]
  readonly take?: { readonly lines: number; readonly bytes: number }
  readonly options?: Partial<LineBufferOptions>
}

const everything = { lines: Infinity, bytes: Infinity }

/** Feeds bytes as a reader would: whenever no line is left, as much as there is room for. */
function linesOf(bytes: Buffer, feeding: Feeding = {}): readonly ModelLine[] {
  const { pieces = [bytes.length], take = everything, options = {} } = feeding
  const buffer = new LineBuffer({ position: 0, chunkBytes: 16, ...options })
  const lines: ModelLine[] = []
  let at = 0
  for (let piece = 0; at < bytes.length; piece++) {
    const room = buffer.room()
    if (room === null) throw new RangeError('a line is too long')
    const count = bytes.copy(room, 0, at, at + (pieces[Math.min(piece, pieces.length - 1)] ?? 1))
    buffer.fill(count)
    at += count
    for (let before = -1; before < lines.length;) {
      before = lines.length
      buffer.take(take, (text, end) => lines.push({ text, end }))
    }
  }
  expect(buffer.pending()).toEqual(bytes.subarray(lines.at(-1)?.end ?? 0))
  return lines
}

const texts = (lines: readonly ModelLine[]): readonly string[] => lines.map(({ text }) => text)

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, '../testdata/java-lines.json'), 'utf8')) as {
  readonly hex: string
  readonly lines: readonly string[]
}[]

test('reads the lines that Java reads, whatever the bytes', () => {
  for (const { hex, lines } of recorded) {
    const bytes = Buffer.from(hex, 'hex')
    expect(texts(linesOf(bytes)), hex).toEqual(lines)
    expect(texts(linesOf(bytes, { pieces: [1] })), hex).toEqual(lines)
    expect(texts(modelLines(bytes)), hex).toEqual(lines)
  }
})

test.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['a\rb\rc', ['a', 'b']],
  ['a\n\nb\n', ['a', '', 'b']],
  ['a\r\rb\n', ['a', '', 'b']],
  ['a\n\rb\n', ['a', '', 'b']],
  ['a\r\n\r\nb\n', ['a', '', 'b']],
  ['a\r\r\nb\n', ['a', '', 'b']],
  ['\n', ['']],
  ['', []],
  ['held back', []],
  ['a\nheld back', ['a']],
  ['held back\r', []],
  ['é\r日本\r\n😀\n', ['é', '日本', '😀']],
  ['\u2028not\u0085an\u000bend\u000c\n', ['\u2028not\u0085an\u000bend\u000c']],
])('reads %j as the same lines wherever it is cut in two', (text, lines) => {
  const bytes = Buffer.from(text)
  for (let cut = 1; cut <= bytes.length; cut++) {
    const read = linesOf(bytes, { pieces: [cut, bytes.length] })
    expect(texts(read), `cut at ${cut}`).toEqual(lines)
    expect(read).toEqual(modelLines(bytes))
  }
})

test('reads the same lines in any pieces, with any buffer, taken in any portions', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 })
  const feeding = fc.record({
    pieces: sizes,
    take: fc.record({ lines: fc.integer({ min: 1, max: 5 }), bytes: fc.integer({ min: 1, max: 30 }) }),
    options: fc.record({ chunkBytes: fc.integer({ min: 1, max: 64 }) }),
  })
  fc.assert(
    fc.property(hostileBytes, feeding, (bytes, how) => {
      expect(linesOf(bytes, how)).toEqual(modelLines(bytes))
    }),
    { seed: 20_261_122, numRuns: 2000 },
  )
})

test('a start at any committed position gives the lines that are left', () => {
  fc.assert(
    fc.property(hostileBytes, fc.nat(), (bytes, choice) => {
      const all = modelLines(bytes)
      const ends = [0, ...all.map(({ end }) => end)]
      const start = ends[choice % ends.length]!
      const rest: ModelLine[] = []
      const buffer = new LineBuffer({ position: start })
      buffer.fill(bytes.copy(buffer.room()!, 0, start))
      buffer.take(everything, (text, end) => rest.push({ text, end }))
      expect(rest).toEqual(all.filter(({ end }) => end > start))
      expect(buffer.position).toBe(all.at(-1)?.end ?? 0)
    }),
    { seed: 7, numRuns: 1000 },
  )
})

test('takes no more lines than asked for, and begins none behind the bytes asked for', () => {
  const buffer = new LineBuffer({ position: 100 })
  buffer.fill(Buffer.from('one\ntwo\nthree\nfour\n').copy(buffer.room()!))
  const taken: (readonly [string, number])[] = []
  const line = (text: string, end: number): void => void taken.push([text, end])
  buffer.take({ lines: 1, bytes: Infinity }, line)
  buffer.take({ lines: 9, bytes: 5 }, line)
  buffer.take({ lines: 0, bytes: 5 }, line)
  buffer.take({ lines: 5, bytes: 0 }, line)
  expect(taken).toEqual([
    ['one', 104],
    ['two', 108],
    ['three', 114],
  ])
  expect(buffer.position).toBe(114)
})

test('grows for a long line, and shrinks behind it', () => {
  const buffer = new LineBuffer({ position: 0, chunkBytes: 8 })
  const sizes: number[] = []
  const feed = (text: string): void => {
    for (const byte of Buffer.from(text)) {
      const room = buffer.room()!
      sizes.push(room.buffer.byteLength)
      room[0] = byte
      buffer.fill(1)
      buffer.take(everything, () => {})
    }
  }
  feed(`${'x'.repeat(100)}\n`)
  expect(Math.max(...sizes)).toBe(128)
  feed('short\n')
  expect(sizes.at(-1)).toBe(8)
})

test('has no room for a line that is longer than it may be, its end aside', () => {
  const options = { maxLineBytes: 100, chunkBytes: 64 }
  const long = 'x'.repeat(100)
  expect(texts(linesOf(Buffer.from(`${long}\r\n`), { options, pieces: [1] }))).toEqual([long])
  expect(() => linesOf(Buffer.from(`${long}xx\n`), { options, pieces: [1] })).toThrow('a line is too long')
})

test('tells where each line that is not UTF-8 stops being so', () => {
  const bytes = Buffer.concat([
    Buffer.from('good é\n\uFFFD too\nbad '),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('\n'),
    Buffer.from([0x80]),
    Buffer.from('\nlast\n'),
  ])
  const found: number[] = []
  linesOf(bytes, { options: { position: 1000, malformed: (position) => void found.push(position) } })
  expect(found).toEqual([1000 + bytes.indexOf(0xff), 1000 + bytes.indexOf(0x80, bytes.indexOf(0xff))])
})
