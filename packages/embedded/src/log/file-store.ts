import { closeSync, fstatSync, fsync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { ReadLease } from './read-lease.ts'
import type { SegmentStore } from './segment-store.ts'

/**
 * A segment in a file, written at explicit positions: what a failed write has left behind `size` is written over by the
 * next one.
 */
export class FileStore implements SegmentStore {
  readonly #path: string
  #fd: number | null
  #size: number

  private constructor(path: string, fd: number) {
    this.#path = path
    this.#fd = fd
    this.#size = fstatSync(fd).size
  }

  /** Opens the file; creates it if it is not there. */
  static open(path: string): FileStore {
    return new FileStore(path, openReadWrite(path))
  }

  get size(): number {
    return this.#size
  }

  append(bytes: Buffer): void {
    const fd = this.#open()
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, this.#size + done)
    this.#size += bytes.length
  }

  read(position: number, length: number, lease: ReadLease): Buffer[] {
    const fd = this.#open()
    const buffer = lease.take(length)
    for (let done = 0; done < length;) {
      const n = readSync(fd, buffer, done, length - done, position + done)
      if (n === 0)
        throw new Error(`Reading ${this.#path}: it ends at byte ${position + done}, ${this.#size} are expected`)
      done += n
    }
    return [buffer]
  }

  truncate(size: number): void {
    ftruncateSync(this.#open(), size)
    this.#size = size
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) =>
      fsync(this.#open(), (error) => (error === null ? resolve() : reject(error))),
    )
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }

  remove(): void {
    this.close()
    rmSync(this.#path, { force: true })
  }

  #open(): number {
    this.#fd ??= openReadWrite(this.#path)
    return this.#fd
  }
}

/** Not 'a+': on Linux, files opened for appending ignore the position of a write. */
function openReadWrite(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return openSync(path, 'wx+')
  }
}
