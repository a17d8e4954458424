// Files whose lines say which they are, with text that is hard on positions: characters of one to four bytes, all
// three kinds of line ends.
import type { SeededRandom } from './seeded-random.ts'

/** A file and where each of its lines ends. */
export interface NumberedFile {
  /** Without their ends. */
  readonly lines: readonly string[]
  readonly content: Buffer
  /** The number of the line that begins at a position; throws where none begins. */
  lineAt(position: number): number
}

const words = ['plain', 'Grüße', 'naïve', 'Ελληνικά', 'Русский', 'עברית', 'हिन्दी', '日本語', '한국어', '😀', '👩‍👩‍👧', '𝔘', '{a=1}', ','] // prettier-ignore
const lineEnds = ['\n', '\n', '\n', '\r\n', '\r']

/** `count` lines such as `17|日本語 plain 😀`. */
export function numberedFile(count: number, random: SeededRandom): NumberedFile {
  const lines = Array.from({ length: count }, (_, index) => {
    const text = Array.from({ length: random.between(0, 12) }, () => random.pick(words))
    return `${index}|${text.join(' ')}`
  })
  // A lone CR at the end of a file may be half of a CRLF to come: no reader takes it for an end yet.
  const endOf = (index: number): string => (index === count - 1 ? '\n' : random.pick(lineEnds))
  const pieces = lines.map((line, index) => Buffer.from(line + endOf(index)))
  const starts = new Map([[0, 0]])
  let position = 0
  for (const [index, piece] of pieces.entries()) starts.set((position += piece.length), index + 1)
  return {
    lines,
    content: Buffer.concat(pieces),
    lineAt(wanted) {
      const line = starts.get(wanted)
      if (line === undefined) throw new Error(`position ${wanted} is within a line`)
      return line
    },
  }
}

/** Which line it is; null where it is none of ours. */
export function lineNumber(line: string): number | null {
  const match = /^(\d+)\|/.exec(line)
  return match ? Number(match[1]) : null
}
