// Bytes in, lines out. A line ends at \n, \r or \r\n; a \r that is the last byte so far waits for the next one, which
// may be its \n; so does a last line without an end. Positions count bytes from the beginning of the file.
import { isAscii } from 'node:buffer'
import { decodeMalformedUtf8 } from '@sluice/api'

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** What a line buffer starts with. */
export interface LineBufferOptions {
  /** Where in the file the first byte lies. */
  readonly position: number
  /** Bytes read at a time; 256 KiB when left out. */
  readonly chunkBytes?: number
  /** Longest line that is surely taken, in bytes. I9: the buffer never grows far beyond it. */
  readonly maxLineBytes?: number
  /** Called for each line that is not UTF-8, with the position of its first byte that is not. */
  readonly malformed?: (position: number) => void
}

/** How much one `take` may give. */
export interface TakeLimits {
  readonly lines: number
  /** Bytes after which no further line is begun. */
  readonly bytes: number
}

/** Receives a line and the position after it, its end included. */
export type TakeLine = (text: string, position: number) => void

/** Holds bytes until they are lines. The lines are copies: the bytes are overwritten by the next ones. */
export class LineBuffer {
  readonly #options: Required<LineBufferOptions>
  #bytes: Buffer
  /** The bytes that were read: the beginning of `#bytes`. */
  #filled: Buffer
  /** Position of the first of them. */
  #base: number
  /** Index of the first byte that no line was made of. */
  #start = 0
  // Index of the next of each from `#start` on; the end when there is none. No byte is searched twice.
  #nextFeed = 0
  #nextReturn = 0
  #isAllAscii = true

  constructor(options: LineBufferOptions) {
    this.#options = { chunkBytes: 256 * 1024, maxLineBytes: Infinity, malformed: () => {}, ...options }
    this.#bytes = Buffer.allocUnsafeSlow(this.#options.chunkBytes)
    this.#filled = this.#bytes.subarray(0, 0)
    this.#base = options.position
  }

  /** Where the first byte lies that no line was made of. */
  get position(): number {
    return this.#base + this.#start
  }

  /** A copy of the bytes that no line was made of. */
  pending(): Buffer {
    return Buffer.from(this.#filled.subarray(this.#start))
  }

  /** Free space for the next bytes, valid until the next call; null when the next line is longer than it may be. */
  room(): Buffer | null {
    // The end of a line may be two bytes, and the second must be seen.
    if (this.#filled.length - this.#start > this.#options.maxLineBytes + 1) return null
    this.#compact()
    return this.#bytes.subarray(this.#filled.length)
  }

  /** So many bytes were put at the beginning of that space. */
  fill(count: number): void {
    if (count === 0) return
    const before = this.#filled.length
    this.#filled = this.#bytes.subarray(0, before + count)
    if (this.#nextFeed >= before) this.#nextFeed = this.#find(lineFeed, before)
    if (this.#nextReturn >= before) this.#nextReturn = this.#find(carriageReturn, before)
    this.#isAllAscii = isAscii(this.#filled.subarray(this.#start))
  }

  /** Gives complete lines, in order, up to the limits. */
  take({ lines, bytes }: TakeLimits, line: TakeLine): void {
    const end = this.#filled.length
    const enough = this.#start + bytes
    for (let taken = 0; taken < lines && this.#start < enough; taken++) {
      const at = this.#nextFeed < this.#nextReturn ? this.#nextFeed : this.#nextReturn
      const isReturn = at === this.#nextReturn
      // Neither a line without an end nor a \r without its follower is complete.
      if (at === end || (isReturn && at + 1 === end)) return
      const text = this.#decode(this.#start, at)
      this.#start = isReturn && this.#nextFeed === at + 1 ? at + 2 : at + 1
      if (this.#nextFeed < this.#start) this.#nextFeed = this.#find(lineFeed, this.#start)
      if (this.#nextReturn < this.#start) this.#nextReturn = this.#find(carriageReturn, this.#start)
      line(text, this.#base + this.#start)
    }
  }

  #find(byte: number, from: number): number {
    const at = this.#filled.indexOf(byte, from)
    return at < 0 ? this.#filled.length : at
  }

  #decode(from: number, to: number): string {
    if (this.#isAllAscii) return this.#bytes.toString('latin1', from, to)
    const text = this.#bytes.toString('utf8', from, to)
    return text.includes('\uFFFD') ? this.#decodeMalformed(from, to) : text
  }

  /** Text with U+FFFD of its own comes out as it is. */
  #decodeMalformed(from: number, to: number): string {
    const { text, firstErrorAt } = decodeMalformedUtf8(this.#bytes.subarray(from, to))
    if (firstErrorAt >= 0) this.#options.malformed(this.#base + from + firstErrorAt)
    return text
  }

  /** Moves what is left to the front, into a space that suits it. */
  #compact(): void {
    const { chunkBytes } = this.#options
    const left = this.#filled.subarray(this.#start)
    const isFull = left.length === this.#bytes.length
    const isOversized = this.#bytes.length > chunkBytes && left.length < chunkBytes / 2
    if (isFull || isOversized) {
      this.#bytes = Buffer.allocUnsafeSlow(isFull ? this.#bytes.length * 2 : chunkBytes)
      this.#bytes.set(left)
    } else {
      this.#bytes.copyWithin(0, this.#start, this.#filled.length)
    }
    this.#base += this.#start
    this.#nextFeed -= this.#start
    this.#nextReturn -= this.#start
    this.#start = 0
    this.#filled = this.#bytes.subarray(0, left.length)
  }
}
