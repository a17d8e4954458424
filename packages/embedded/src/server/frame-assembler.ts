import type { ReadBuffers } from '../log/read-lease.ts'

const sizeBytes = 4
const firstPiece = 1024 * 1024

/** What does not begin as a request does: the connection cannot be made sense of any more. */
export class FrameError extends Error {
  constructor(size: number, maxSize: number) {
    super(`a request of ${size} bytes (at most ${maxSize} are allowed)`)
    this.name = 'FrameError'
  }
}

/** A request as it came, without its size. Whoever gets it gives `buffer` back to the pool when it is done with. */
export interface Frame {
  readonly bytes: Buffer
  readonly buffer: Buffer
}

/**
 * Puts the requests of one connection together again from whatever pieces they arrive in. Memory is taken as bytes come
 * in, not for what a size announces.
 */
export class FrameAssembler {
  readonly #buffers: ReadBuffers
  readonly #maxSize: number
  readonly #sizeField = Buffer.alloc(sizeBytes)
  #sizeFilled = 0
  #buffer: Buffer | null = null
  #size = 0
  #filled = 0

  constructor(buffers: ReadBuffers, maxSize: number) {
    this.#buffers = buffers
    this.#maxSize = maxSize
  }

  /** Takes bytes, which may be overwritten afterwards, and hands out the frames that are complete. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let position = 0
    while (position < chunk.length) {
      if (this.#buffer === null) {
        position = this.#readSize(chunk, position)
        if (this.#sizeFilled < sizeBytes) return
        this.#begin()
      }
      position = this.#fill(chunk, position)
      if (this.#filled === this.#size) onFrame(this.#finish())
    }
  }

  /** Gives back the memory of a frame that will never be complete. */
  drop(): void {
    if (this.#buffer !== null) this.#buffers.giveBack(this.#buffer)
    this.#buffer = null
  }

  #readSize(chunk: Buffer, position: number): number {
    const copied = chunk.copy(this.#sizeField, this.#sizeFilled, position, position + sizeBytes - this.#sizeFilled)
    this.#sizeFilled += copied
    return position + copied
  }

  #begin(): void {
    const size = this.#sizeField.readInt32BE(0)
    if (size <= 0 || size > this.#maxSize) throw new FrameError(size, this.#maxSize)
    this.#size = size
    this.#filled = 0
    this.#buffer = this.#buffers.take(Math.min(size, firstPiece))
  }

  #fill(chunk: Buffer, position: number): number {
    let buffer = this.#buffer
    if (buffer === null) return position
    const wanted = Math.min(chunk.length - position, this.#size - this.#filled)
    while (buffer.length < this.#filled + wanted) buffer = this.#enlarge(buffer)
    chunk.copy(buffer, this.#filled, position, position + wanted)
    this.#filled += wanted
    return position + wanted
  }

  #enlarge(buffer: Buffer): Buffer {
    const larger = this.#buffers.take(Math.min(buffer.length * 2, this.#size))
    buffer.copy(larger, 0, 0, this.#filled)
    this.#buffers.giveBack(buffer)
    this.#buffer = larger
    return larger
  }

  #finish(): Frame {
    const buffer = this.#buffer ?? Buffer.alloc(0)
    this.#buffer = null
    this.#sizeFilled = 0
    return { bytes: buffer.subarray(0, this.#size), buffer }
  }
}
