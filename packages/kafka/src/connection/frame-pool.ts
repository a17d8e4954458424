/** The bytes of one response, shared by the batches that are read from it. The last `release` gives the memory back. */
export interface PooledFrame {
  readonly bytes: Buffer
  /** One more owner. */
  retain(): void
  /** One owner less; calls beyond the last owner do nothing. */
  release(): void
}

const smallestBlock = 64 * 1024

/**
 * Memory for large responses, used again and again: fresh memory for each response costs more than reading it. At most
 * `keep` free blocks are held (I9); how many frames are out at once is bounded by whoever asks for them.
 */
export class FramePool {
  readonly #keep: number
  readonly #free: Buffer[] = []

  constructor(keep = 2) {
    this.#keep = keep
  }

  /** A frame of exactly this size with one owner. Its bytes are whatever was there before. */
  acquire(size: number): PooledFrame {
    return new Frame(this.#takeBlock(size), size, (block) => this.#giveBack(block))
  }

  #takeBlock(size: number): Buffer {
    let best = -1
    for (const [index, block] of this.#free.entries()) {
      if (block.length >= size && (best < 0 || block.length < (this.#free[best]?.length ?? 0))) best = index
    }
    const [found] = best < 0 ? [] : this.#free.splice(best, 1)
    return found ?? Buffer.allocUnsafeSlow(blockSize(size))
  }

  #giveBack(block: Buffer): void {
    this.#free.push(block)
    if (this.#free.length <= this.#keep) return
    const smallest = this.#free.reduce((least, candidate) => (candidate.length < least.length ? candidate : least))
    this.#free.splice(this.#free.indexOf(smallest), 1)
  }
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
