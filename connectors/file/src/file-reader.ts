import { type FileHandle, open, stat } from 'node:fs/promises'
import { ConnectError, type Logger } from '@sluice/api'
import type { ByteReader } from './byte-reader.ts'
import { fileError, systemCode, transientFileError } from './file-error.ts'
import { wait } from './wait.ts'

/** A file to read and where to begin. */
export interface FileReaderOptions {
  readonly file: string
  /** In bytes. */
  readonly position: number
  readonly signal: AbortSignal
  readonly log: Logger
}

/** Opens a file to read it while it may still grow; null when there is none (yet). */
export async function openFileReader(options: FileReaderOptions): Promise<ByteReader | null> {
  const { file, log, position } = options
  const doing = `Opening the file ${file} to read it`
  const handle = await openOrNull(file, doing)
  if (handle === null) return null
  const { size } = await handle.stat()
  const isCut = position > size
  if (isCut) {
    const message = 'The file ends before the saved position; waiting for it to grow beyond that'
    log.warn(message, { file, position, size })
  }
  return fileReader(handle, options, isCut)
}

async function openOrNull(file: string, doing: string): Promise<FileHandle | null> {
  try {
    // A pipe without a writer would block the open for good: it is looked at first.
    const found = await stat(file)
    if (!found.isFile()) throw notAFile(doing, found.isDirectory())
    return await open(file, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error instanceof ConnectError ? error : transientFileError(doing, error, 'FILE_UNREADABLE')
  }
}

function notAFile(doing: string, isFolder: boolean): ConnectError {
  const code = 'FILE_UNREADABLE'
  if (isFolder) return fileError(doing, Object.assign(new Error('a folder'), { code: 'EISDIR' }), code)
  const wayOut = "Let 'file' name a regular file, or leave it out to read the standard input."
  return new ConnectError(`${doing}: it is a pipe, a socket or a device. ${wayOut}`, { code })
}

/** `isWarned`: whether the log tells already why no bytes come; it does so once, until some come again. */
function fileReader(handle: FileHandle, options: FileReaderOptions, isWarned: boolean): ByteReader {
  const { file, signal, log } = options
  let at = options.position

  async function read(room: Buffer): Promise<number> {
    const doing = `Reading the file ${file} at byte ${at}`
    try {
      const { bytesRead } = await handle.read(room, 0, room.length, at)
      at += bytesRead
      if (bytesRead > 0) isWarned = false
      else if (!isWarned) await look()
      return bytesRead
    } catch (error) {
      throw transientFileError(doing, error, 'FILE_UNREADABLE')
    }
  }

  /** At the end: is this still the file that the path names, and as long as it was? */
  async function look(): Promise<void> {
    const [opened, named] = await Promise.all([handle.stat({ bigint: true }), statOrNull(file)])
    if (named === null || named.ino !== opened.ino || named.dev !== opened.dev) {
      isWarned = true
      const message = 'The file was moved or deleted; going on with the open one. Restart the task to read a new one'
      log.warn(message, { file, position: at })
    } else if (opened.size < at) {
      isWarned = true
      const message = 'The file was cut below what has been read; waiting for it to grow beyond that'
      log.warn(message, { file, position: at, size: Number(opened.size) })
    }
  }

  return {
    read,
    idle: (ms) => wait(ms, signal),
    close: () => handle.close(),
  }
}

async function statOrNull(file: string): Promise<{ readonly ino: bigint; readonly dev: bigint } | null> {
  try {
    return await stat(file, { bigint: true })
  } catch {
    return null
  }
}
