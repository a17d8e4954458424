import type { Stats } from 'node:fs'
import type { AppendHandle } from '../src/file-output.ts'

/** What happens to a write: so many bytes of it arrive, then the error; all arrive when there is none. */
export interface WriteFate {
  readonly bytes: number
  readonly error: Error
}

/** A file in memory that fails when it is told to. */
export class MemoryFile {
  content: Buffer
  /** What was called, in order, reads and looks aside. */
  readonly calls: string[] = []
  /** Faults of the next writes, one each. */
  readonly writes: (WriteFate | null)[] = []
  /** Faults of other calls, by name; each happens once. */
  readonly faults: Map<string, Error> = new Map<string, Error>()
  /** Runs before the next look at the size, once: for what other tasks do meanwhile. */
  beforeStat: (() => void) | null = null

  constructor(content = '') {
    this.content = Buffer.from(content)
  }

  text(): string {
    return this.content.toString()
  }

  append(text: string | Buffer): void {
    this.content = Buffer.concat([this.content, Buffer.from(text)])
  }

  /** A handle as if the file were opened for appending. */
  handle(): AppendHandle {
    const handle = {
      stat: async () => {
        this.#meet('stat')
        const act = this.beforeStat
        this.beforeStat = null
        act?.()
        return { size: this.content.length, isFile: () => true } as Stats
      },
      read: async (into: Buffer, offset: number, length: number, position: number) => {
        this.#meet('read')
        return { bytesRead: this.content.copy(into, offset, position, position + length), buffer: into }
      },
      write: (bytes: Buffer, offset: number, length: number) => this.#write(bytes.subarray(offset, offset + length)),
      truncate: async (size: number) => {
        this.#meet('truncate')
        this.calls.push(`truncate ${size}`)
        this.content = this.content.subarray(0, size)
      },
      datasync: async () => {
        this.#meet('datasync')
        this.calls.push('datasync')
      },
      close: async () => void this.calls.push('close'),
    }
    // The overloads of Node's handle are more than appending uses.
    return handle as unknown as AppendHandle
  }

  /** As the system does: bytes that fit are written and counted, the error comes with the next call. */
  async #write(bytes: Buffer): Promise<{ readonly bytesWritten: number; readonly buffer: Buffer }> {
    const fate = this.writes.shift() ?? null
    const bytesWritten = fate === null ? bytes.length : Math.min(fate.bytes, bytes.length)
    if (fate !== null && bytesWritten === 0) throw fate.error
    if (fate !== null) this.writes.unshift({ bytes: 0, error: fate.error })
    this.append(bytes.subarray(0, bytesWritten))
    this.calls.push(`write ${bytesWritten}`)
    return { bytesWritten, buffer: bytes }
  }

  #meet(call: string): void {
    const fault = this.faults.get(call)
    this.faults.delete(call)
    if (fault !== undefined) throw fault
  }
}

/** An error as the system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}
