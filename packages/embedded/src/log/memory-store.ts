import type { SegmentStore } from './segment-store.ts'

const smallestBlock = 16 * 1024
const largestBlock = 1024 * 1024

/** A segment in memory, for brokers without a data folder. Blocks are never written again, so reads are views. */
export class MemoryStore implements SegmentStore {
  readonly #blocks: { readonly start: number; readonly bytes: Buffer; used: number }[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  append(bytes: Buffer): void {
    let block = this.#blocks.at(-1)
    if (block === undefined || block.bytes.length - block.used < bytes.length) {
      const length = Math.max(bytes.length, Math.min(largestBlock, smallestBlock << this.#blocks.length))
      block = { start: this.#size, bytes: Buffer.allocUnsafeSlow(length), used: 0 }
      this.#blocks.push(block)
    }
    bytes.copy(block.bytes, block.used)
    block.used += bytes.length
    this.#size += bytes.length
  }

  read(position: number, length: number): Buffer[] {
    const parts: Buffer[] = []
    const end = position + length
    for (let i = this.#blockAt(position); i < this.#blocks.length; i++) {
      const block = this.#blocks[i]
      if (block === undefined || block.start >= end) break
      const from = Math.max(position - block.start, 0)
      parts.push(block.bytes.subarray(from, Math.min(block.used, end - block.start)))
    }
    return parts
  }

  truncate(size: number): void {
    for (let block = this.#blocks.at(-1); block !== undefined; block = this.#blocks.at(-1)) {
      if (block.start < size) {
        block.used = size - block.start
        break
      }
      this.#blocks.pop()
    }
    this.#size = size
  }

  sync(): Promise<void> {
    return Promise.resolve()
  }

  close(): void {}

  remove(): void {
    this.#blocks.length = 0
    this.#size = 0
  }

  #blockAt(position: number): number {
    let low = 0
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#blocks[middle]?.start ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low
  }
}
