/** Where the assembler gets memory, and what it reports. */
export interface FrameSink {
  /** Memory for a response of this size without its size field. Throws to refuse it. */
  allocate(correlationId: number, size: number): Buffer
  /** The response is complete; the bytes are those that `allocate` gave. */
  complete(correlationId: number, frame: Buffer): void
}

const headerSize = 8

/**
 * Cuts a stream of bytes into responses. Chunks come in one reused buffer and are copied once, straight into the
 * memory of their response.
 */
export class FrameAssembler {
  readonly #sink: FrameSink
  readonly #header: Buffer = Buffer.alloc(headerSize)
  #headerLength = 0
  #frame: Buffer | null = null
  #filled = 0
  #correlationId = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Takes in a chunk; whatever the sink throws comes out, and the stream is then no longer usable. */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) at = this.#frame === null ? this.#takeHeader(chunk, at) : this.#takeBody(chunk, at)
  }

  #takeHeader(chunk: Uint8Array, from: number): number {
    const count = Math.min(headerSize - this.#headerLength, chunk.length - from)
    this.#header.set(chunk.subarray(from, from + count), this.#headerLength)
    this.#headerLength += count
    if (this.#headerLength === headerSize) this.#begin()
    return from + count
  }

  #begin(): void {
    const size = this.#header.readInt32BE(0)
    this.#correlationId = this.#header.readInt32BE(4)
    const frame = this.#sink.allocate(this.#correlationId, size)
    // The correlation id is part of the frame: decoders start with it.
    this.#header.copy(frame, 0, 4)
    this.#headerLength = 0
    this.#frame = frame
    this.#filled = 4
    this.#finish()
  }

  #takeBody(chunk: Uint8Array, from: number): number {
    const frame = this.#frame
    if (frame === null) return from
    const count = Math.min(frame.length - this.#filled, chunk.length - from)
    frame.set(from === 0 && count === chunk.length ? chunk : chunk.subarray(from, from + count), this.#filled)
    this.#filled += count
    this.#finish()
    return from + count
  }

  #finish(): void {
    const frame = this.#frame
    if (frame === null || this.#filled < frame.length) return
    this.#frame = null
    this.#sink.complete(this.#correlationId, frame)
  }
}
