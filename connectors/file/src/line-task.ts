import { ConnectError, Schema, type SourceRecordInput, type SourceTask, type SourceTaskContext } from '@sluice/api'
import type { ByteReader } from './byte-reader.ts'
import { openFileReader } from './file-reader.ts'
import { LineBuffer } from './line-buffer.ts'
import { readLines } from './read-lines.ts'
import { savedPosition } from './saved-position.ts'
import { openStdinReader } from './stdin-reader.ts'
import { wait } from './wait.ts'

/** What a task reads, and where its records go. */
export interface LineTaskOptions {
  /** Path of the file; null or the empty text for the standard input. */
  readonly file: string | null
  readonly topic: string
  readonly batchSize: number
}

// I9: what one poll returns and what one line may be are bounded in bytes, too.
const pollBytes = 4 * 1024 * 1024
const maxLineBytes = 64 * 1024 * 1024

const shortestIdleMs = 50
/** How long Apache's task waits, too. */
const longestIdleMs = 1000

/** Starts the source task: lines in, records out. */
export async function startLineTask(options: LineTaskOptions, context: SourceTaskContext): Promise<SourceTask> {
  const { signal, log } = context
  const file = options.file || null
  const partition = { filename: options.file }
  const position = file === null ? 0 : savedPosition(file, await context.offsets.get(partition))
  const malformed = malformedCounter(file ?? 'standard input', log)
  const buffer = new LineBuffer({ position, maxLineBytes, malformed: malformed.count })
  const openReader = async (): Promise<ByteReader | null> =>
    file === null ? openStdinReader(process.stdin, signal) : openFileReader({ file, position, signal, log })
  const limits = { lines: Math.max(1, options.batchSize), bytes: pollBytes }

  let reader = await openReader()
  if (reader === null) log.warn('The file does not exist; waiting for it', { file })
  let idleMs = shortestIdleMs
  const tooLong = (at: number): ConnectError => lineTooLong(file, at)
  const record = (text: string, end: number): SourceRecordInput => ({
    topic: options.topic,
    sourcePartition: partition,
    sourceOffset: { position: file === null ? null : end },
    valueSchema: Schema.string,
    value: text,
    timestamp: Date.now(),
  })

  async function poll(): Promise<readonly SourceRecordInput[] | null> {
    reader ??= await openReader()
    if (reader === null) {
      await wait(longestIdleMs, signal)
      return null
    }
    const records = await readLines({ buffer, reader, signal, tooLong }, limits, record)
    if (records.length > 0) {
      idleMs = shortestIdleMs
      return records
    }
    await reader.idle(idleMs)
    idleMs = Math.min(longestIdleMs, idleMs * 2)
    return null
  }

  return {
    poll,
    async stop() {
      malformed.tell()
      await reader?.close(buffer.pending())
    },
  }
}

function lineTooLong(file: string | null, position: number): ConnectError {
  const what = file === null ? 'the standard input' : `the file ${file}`
  const mebibytes = maxLineBytes / 1024 / 1024
  return new ConnectError(
    `Reading ${what}: the line that begins at byte ${position} is longer than ${mebibytes} MiB, the most that one ` +
      "record can take. End the line, or set the connector's offset to a position behind it.",
    { code: 'FILE_UNREADABLE' },
  )
}

interface MalformedCounter {
  readonly count: (position: number) => void
  /** Tells how many there were, if any. */
  readonly tell: () => void
}

// I3: bytes that are replaced are counted, and warned of once.
function malformedCounter(file: string, log: SourceTaskContext['log']): MalformedCounter {
  let lines = 0
  return {
    count(position) {
      lines++
      if (lines > 1) return
      log.warn('The file is not all UTF-8; what is not is read as U+FFFD', { file, position })
    },
    tell() {
      if (lines > 0) log.warn('Lines that were not all UTF-8 were read', { file, lines })
    },
  }
}
