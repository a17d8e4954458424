/** The bytes of one response, shared by the batches that are read from it. The last `release` gives the memory back. */
export interface PooledFrame {
  readonly bytes: Buffer
  /** One more owner. */
  retain(): void
  /** One owner less; calls beyond the last owner do nothing. */
  release(): void
}

const smallestBlock = 64 * 1024
/** After a burst its memory is worth keeping for a while, not for good. */
const longestIdleMs = 30_000

/**
 * Memory for large responses, used again and again: fresh memory for each response costs more than reading it. At most
 * `keep` free blocks are held (I9); how many frames are out at once is bounded by whoever asks for them.
 */
export class FramePool {
  readonly #keep: number
  readonly #free: Block[] = []

  constructor(keep = 2) {
    this.#keep = keep
  }

  /** A frame of exactly this size with one owner. Its bytes are whatever was there before. */
  acquire(size: number): PooledFrame {
    return new Frame(this.#takeBlock(size), size, (block) => this.#giveBack(block))
  }

  #takeBlock(size: number): Buffer {
    let best: Block | null = null
    for (const block of this.#free) {
      if (block.bytes.length >= size && (best === null || block.bytes.length < best.bytes.length)) best = block
    }
    if (best === null) return Buffer.allocUnsafeSlow(blockSize(size))
    this.#free.splice(this.#free.indexOf(best), 1)
    return best.bytes
  }

  /** Keeps the largest blocks, of those that were in use lately. */
  #giveBack(bytes: Buffer): void {
    const now = performance.now()
    const kept = [...this.#free.filter((block) => now - block.usedAtMs < longestIdleMs), { bytes, usedAtMs: now }]
    kept.sort((a, b) => b.bytes.length - a.bytes.length)
    this.#free.splice(0, this.#free.length, ...kept.slice(0, this.#keep))
  }
}

interface Block {
  readonly bytes: Buffer
  /** When it was given back. */
  readonly usedAtMs: number
}

/** Powers of two up to a megabyte, then whole megabytes: responses of about one size find each other's blocks. */
function blockSize(size: number): number {
  if (size > 2 ** 20) return Math.ceil(size / 2 ** 20) * 2 ** 20
  return Math.max(smallestBlock, 2 ** Math.ceil(Math.log2(Math.max(1, size))))
}

class Frame implements PooledFrame {
  readonly bytes: Buffer
  readonly #block: Buffer
  readonly #giveBack: (block: Buffer) => void
  #owners = 1

  constructor(block: Buffer, size: number, giveBack: (block: Buffer) => void) {
    this.#block = block
    this.bytes = block.subarray(0, size)
    this.#giveBack = giveBack
  }

  retain(): void {
    this.#owners++
  }

  release(): void {
    if (this.#owners === 0) return
    this.#owners--
    if (this.#owners === 0) this.#giveBack(this.#block)
  }
}
