const smallestClass = 16 // 64 KiB
const largestClass = 24 // 16 MiB
/** Below this, Node's own pool serves better: a thousand small requests must not take 64 KiB each. */
const pooledFrom = 4096

/**
 * Buffers for reading files, used again and again: fresh memory for every fetch would cost more than the read. At most
 * `maxIdleBytes` lie idle; what is beyond that goes to the garbage collector.
 */
export class ReadBuffers {
  readonly #idle = new Map<number, Buffer[]>()
  readonly #maxIdleBytes: number
  #idleBytes = 0

  constructor(maxIdleBytes = 32 * 1024 * 1024) {
    this.#maxIdleBytes = maxIdleBytes
  }

  /** A buffer of at least that many bytes. */
  take(length: number): Buffer {
    if (length < pooledFrom) return Buffer.allocUnsafe(length)
    const size = sizeClass(length)
    const buffer = this.#idle.get(size)?.pop()
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size)
    this.#idleBytes -= size
    return buffer
  }

  /** Gives back what `take` gave. Nobody may look at it any more. */
  giveBack(buffer: Buffer): void {
    const size = buffer.length
    if (size < 1 << smallestClass || size > 1 << largestClass || this.#idleBytes + size > this.#maxIdleBytes) return
    const idle = this.#idle.get(size)
    if (idle === undefined) this.#idle.set(size, [buffer])
    else idle.push(buffer)
    this.#idleBytes += size
  }
}

function sizeClass(length: number): number {
  for (let power = smallestClass; power <= largestClass; power++) if (length <= 1 << power) return 1 << power
  return length
}

/** The buffers of one answer: taken while it is put together, given back together when it has been written. */
export class ReadLease {
  readonly #buffers: ReadBuffers
  readonly #taken: Buffer[] = []

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers
  }

  /** A buffer of exactly that many bytes, valid until `release`. */
  take(length: number): Buffer {
    const buffer = this.#buffers.take(length)
    this.#taken.push(buffer)
    return buffer.length === length ? buffer : buffer.subarray(0, length)
  }

  /** Ends the lease; a second call does nothing. */
  release(): void {
    for (const buffer of this.#taken) this.#buffers.giveBack(buffer)
    this.#taken.length = 0
  }
}
