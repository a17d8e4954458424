import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { reasonOf, type BrokerLog } from '../broker-log.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { FileStore } from './file-store.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import { MemoryStore } from './memory-store.ts'
import { PartitionLog, type LogContents, type LogSettings, type SegmentFolder } from './partition-log.ts'
import { ProducerState } from './producer-state.ts'
import type { ReadBuffers } from './read-lease.ts'
import { Segment } from './segment.ts'

const suffix = '.log'
const startOffsetFile = 'start-offset'

/** What a log needs of its broker. */
export interface LogEnvironment {
  readonly leaderEpoch: number
  readonly settings: () => LogSettings
  readonly buffers: ReadBuffers
  readonly log: BrokerLog
  readonly now: number
}

/** An empty log that lives as long as the process. */
export function openMemoryLog(env: LogEnvironment): PartitionLog {
  const folder: SegmentFolder = {
    create: (baseOffset) => new Segment(baseOffset, new MemoryStore(), env.buffers),
    saveStartOffset: () => {},
    seal: () => {},
  }
  const contents = {
    segments: [folder.create(0)],
    startOffset: 0,
    producers: new ProducerState(),
    epochs: new LeaderEpochs(),
  }
  return new PartitionLog(contents, folder, env.settings, env.leaderEpoch)
}

/**
 * Opens the log in this folder, whatever state a killed process left it in. The segments that may not have reached the
 * disk are checked byte for byte; a torn end is cut off, and said.
 */
export function openDiskLog(dir: string, env: LogEnvironment): PartitionLog {
  mkdirSync(dir, { recursive: true })
  const folder: SegmentFolder = {
    create: (baseOffset) => new Segment(baseOffset, FileStore.open(segmentPath(dir, baseOffset)), env.buffers),
    saveStartOffset: (offset) => replaceFile(path.join(dir, startOffsetFile), String(offset)),
    seal: (segment) => seal(segment, dir, env.log),
  }
  return new PartitionLog(recover(dir, folder, env), folder, env.settings, env.leaderEpoch)
}

/** Full segments are forced to disk in the background. Should that fail, the bytes are still with the system. */
function seal(segment: Segment, dir: string, log: BrokerLog): void {
  segment.store.sync().catch((error: unknown) => {
    log.warn('A full log segment was not forced to disk', { dir, offset: segment.baseOffset, reason: reasonOf(error) })
  })
}

function recover(dir: string, folder: SegmentFolder, env: LogEnvironment): LogContents {
  const contents = {
    segments: [] as Segment[],
    startOffset: readStartOffset(dir),
    producers: new ProducerState(),
    epochs: new LeaderEpochs(),
  }
  const bases = segmentBases(dir)
  for (const [i, base] of bases.entries()) {
    const segment = folder.create(base)
    // Segments before the last two were forced to disk when the one after them was full: their headers are enough.
    const result = segment.scan(i >= bases.length - 2, ({ header }) => {
      contents.producers.appended(header, header.baseOffset, header.maxTimestamp, env.now)
      contents.epochs.note(header.leaderEpoch, header.baseOffset)
    })
    contents.segments.push(segment)
    if (result.problem === null) continue
    const bytes = segment.store.size - result.validSize
    segment.store.truncate(result.validSize)
    const setAside = bases.slice(i + 1)
    for (const later of setAside) renameSync(segmentPath(dir, later), `${segmentPath(dir, later)}.unreadable`)
    const fields = { dir, offset: segment.endOffset, bytes, found: result.problem }
    if (setAside.length === 0) env.log.warn('The torn end of a log was cut off', fields)
    else env.log.error('A log is damaged in its middle: what follows was set aside', { ...fields, setAside })
    break
  }
  return withActiveSegment(contents, folder)
}

function withActiveSegment(contents: LogContents, folder: SegmentFolder): LogContents {
  const { segments, startOffset } = contents
  // Offsets that were once given out are not given out again, even if the log that held them is gone.
  if ((segments.at(-1)?.endOffset ?? 0) < startOffset) {
    for (const segment of segments.splice(0)) segment.store.remove()
  }
  if (segments.length === 0) segments.push(folder.create(startOffset))
  return { ...contents, startOffset: Math.max(startOffset, segments[0]?.baseOffset ?? 0) }
}

function segmentBases(dir: string): number[] {
  return readdirSync(dir)
    .filter((name) => /^\d{20}\.log$/.test(name))
    .map((name) => Number(name.slice(0, -suffix.length)))
    .toSorted((a, b) => a - b)
}

function segmentPath(dir: string, baseOffset: number): string {
  return path.join(dir, `${String(baseOffset).padStart(20, '0')}${suffix}`)
}

function readStartOffset(dir: string): number {
  try {
    const offset = Number(readFileSync(path.join(dir, startOffsetFile), 'utf8'))
    return Number.isSafeInteger(offset) && offset >= 0 ? offset : 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** Deletes the folder of a log that is no longer open. */
export function removeLogDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
}
