import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clearedMark, decodeMark, markBytes, noMark, type PluginMark } from '../worker/plugin-calls.ts'

/** The control plane's side of a host's mark: a file without a name that both have open. */
export interface MarkFile {
  /** To be inherited by the host as `markDescriptor`. */
  readonly descriptor: number
  read(): { readonly id: string; readonly call: string } | null
  close(): void
}

/** The descriptor under which a host process finds its mark. */
export const markDescriptor = 4

let created = 0

export function createMarkFile(): MarkFile {
  created += 1
  const path = join(tmpdir(), `sluice-mark-${process.pid}-${created}`)
  const descriptor = openSync(path, 'w+')
  try {
    unlinkSync(path)
  } catch {
    // Windows keeps the name of an open file: it goes with the folder of temporary files.
  }
  const bytes = Buffer.alloc(markBytes)
  return {
    descriptor,
    read: () => decodeMark(bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0))),
    close: () => closeSync(descriptor),
  }
}

/** The host's side. A host that was started without one goes on without marks. */
export function openMark(descriptor: number): PluginMark {
  try {
    writeSync(descriptor, clearedMark, 0, clearedMark.length, 0)
  } catch {
    return noMark
  }
  return {
    set: (bytes) => {
      writeSync(descriptor, bytes, 0, bytes.length, 0)
    },
    clear: () => {
      writeSync(descriptor, clearedMark, 0, clearedMark.length, 0)
    },
  }
}
