import { decodeMalformedUtf8 } from '@sluice/api'
import fc from 'fast-check'

/** A line and the position after it. */
export interface ModelLine {
  readonly text: string
  readonly end: number
}

/**
 * What readLine() of Java's BufferedReader gives, for a file that may still grow: a last line without an end is left
 * out, and so is one whose end is a \r that is the last byte, since a \n may follow.
 */
export function modelLines(bytes: Uint8Array): readonly ModelLine[] {
  const lines: ModelLine[] = []
  let start = 0
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue
    if (bytes[at] === 0x0d && at + 1 === bytes.length) break
    const end = bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? at + 2 : at + 1
    lines.push({ text: decodeMalformedUtf8(bytes.subarray(start, at)).text, end })
    at = end - 1
    start = end
  }
  return lines
}

const pieces = ['\n', '\r', '\r\n', '\n\r', '', 'a', 'line of some length', 'é', '日本', '😀', '\u0000', '\u2028'].map(
  (text) => Buffer.from(text),
)
const broken = ['80', 'c3', 'e697', 'eda080', 'edb080', 'f09f98', 'c0af', 'f8', 'ff', 'fefe'].map((hex) =>
  Buffer.from(hex, 'hex'),
)

/** Files that are hard to read: all line ends, text of all lengths in UTF-8, broken characters. */
export const hostileBytes: fc.Arbitrary<Buffer> = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, fc.constantFrom(...broken)), { maxLength: 40 })
  .map((parts) => Buffer.concat(parts))
