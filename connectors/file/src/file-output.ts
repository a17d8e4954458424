import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ConnectError } from '@sluice/api'
import { fileError, mayPass, systemCode, transientFileError } from './file-error.ts'
import type { Output } from './output.ts'

/** The few operations that appending needs of an open file. It was opened for appending and reading. */
export type AppendHandle = Pick<FileHandle, 'stat' | 'read' | 'write' | 'truncate' | 'datasync' | 'close'>

const lineEnd = Buffer.from('\n')

/** Opens a file to append lines to it, and creates it when there is none. A last line without an end gets one. */
export async function openFileOutput(file: string): Promise<Output> {
  // Connect's own words, which clients match on; what was found and the way out follow.
  const doing = `Couldn't find or create file '${file}' for FileStreamSinkTask`
  const isNew = !(await exists(file, doing))
  let handle: FileHandle
  try {
    handle = await open(file, 'a+')
  } catch (error) {
    throw fileError(doing, error, 'FILE_UNWRITABLE')
  }
  try {
    if (isNew) await syncFolder(dirname(file))
    return await appendTo(handle, file)
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A pipe without a reader would block the open for good: what a path names is looked at first. */
async function exists(file: string, doing: string): Promise<boolean> {
  try {
    const found = await stat(file)
    if (!found.isFIFO() && !found.isSocket()) return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw fileError(doing, error, 'FILE_UNWRITABLE')
  }
  const wayOut = "Let 'file' name a regular file, or leave it out to write to the standard output."
  throw new ConnectError(`${doing}: it is a pipe or a socket. ${wayOut}`, { code: 'FILE_UNWRITABLE' })
}

/** A new file is durable when its name is. Not every system lets a folder be opened; those keep names by themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => {})
  await handle.close()
}

/**
 * Appends to an open file, which other tasks may do at the same time: the file is open for appending, so the system
 * puts every write as a whole behind what is there. What a failed write left is taken back, so that the same bytes can
 * be given again. A last line without an end gets one, unless it gets it from another task within `settleMs`.
 */
export async function appendTo(handle: AppendHandle, file: string, settleMs = 20): Promise<Output> {
  const doing = `Writing to the file ${file}`
  // A device has neither a size nor anything to take back.
  const isFile = (await handle.stat()).isFile()
  let isDirty = false
  /** Whether the file may end within a line. */
  let isTorn = isFile
  /** The size that our last write left; null when that is not known. */
  let expected: number | null = null
  /** Whether nobody else was seen to write to the file. */
  let isAlone = true

  async function append(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    const progress = { written: 0 }
    let before = 0
    try {
      if (isTorn) await endLine()
      if (isFile) before = await sizeBefore()
      isDirty = true
      await writeAll(handle, bytes, progress)
      expected = before + bytes.length
    } catch (error) {
      expected = null
      if (isFile && progress.written > 0) await takeBack(before, progress.written)
      throw transientFileError(doing, error, 'FILE_UNWRITABLE')
    }
  }

  async function sizeBefore(): Promise<number> {
    const { size } = await handle.stat()
    if (expected !== null && size !== expected) isAlone = false
    return size
  }

  /**
   * Cuts the file back to its last whole line. Not when others write, too: what they wrote could be cut away. The
   * beginning of a line then stays, and gets an end before the next write.
   */
  async function takeBack(before: number, written: number): Promise<void> {
    isTorn = true
    try {
      if (!isAlone || (await handle.stat()).size !== before + written) return
      await handle.truncate(before)
      isTorn = false
    } catch {
      // The write that failed is what the caller is told; the line gets its end before the next one.
    }
  }

  /** A process that died while it wrote left the beginning of a line: it gets an end, and counts as a repeat. */
  async function endLine(): Promise<void> {
    if (await endsWithinLine(handle, settleMs)) {
      isDirty = true
      await writeAll(handle, lineEnd, { written: 0 })
    }
    isTorn = false
  }

  async function sync(): Promise<void> {
    if (!isDirty) return
    try {
      await handle.datasync()
    } catch (error) {
      if (!cannotSync.has(systemCode(error))) throw transientFileError(doing, error, 'FILE_UNWRITABLE')
    }
    isDirty = false
  }

  try {
    if (isTorn) await endLine()
  } catch (error) {
    // I10: a disk that is full now is no reason to fail; the line gets its end before the first write.
    if (!mayPass(error)) throw fileError(doing, error, 'FILE_UNWRITABLE')
  }
  return { append, sync, close: () => handle.close() }
}

/** Devices and some network file systems know no such call: there is nothing more durable than a write. */
const cannotSync: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS'])

async function writeAll(handle: AppendHandle, bytes: Buffer, progress: { written: number }): Promise<void> {
  while (progress.written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, progress.written, bytes.length - progress.written, null)
    progress.written += bytesWritten
  }
}

/** A file that never rests gets its line end at last: an empty line is better than two lines in one. */
const mostLooks = 50

/** Whether the last line has no end. A file that still grows is looked at again: another task is writing a line. */
async function endsWithinLine(handle: AppendHandle, settleMs: number): Promise<boolean> {
  const last = Buffer.alloc(1)
  let sizeSeen = -1
  for (let looks = 0; looks < mostLooks; looks++) {
    const { size } = await handle.stat()
    if (size === 0) return false
    await handle.read(last, 0, 1, size - 1)
    if (last[0] === lineEnd[0]) return false
    if (size === sizeSeen) return true
    sizeSeen = size
    await setTimeout(settleMs)
  }
  return true
}
