import { errorCode, KafkaError } from '@sluice/kafka/protocol'
import { assignOffset, stampLogAppendTime, validateBatchHeader } from '@sluice/kafka/records'
import { readBatchHeader } from './batch-header.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import type { ProducerState } from './producer-state.ts'
import type { ReadLease } from './read-lease.ts'
import { emptySlice, type LogSlice, type Segment } from './segment.ts'
import type { PlacedBatch } from './scan-batches.ts'

/** The settings of a topic that its logs obey. Read at each append, so that a change takes effect at once. */
export interface LogSettings {
  readonly maxMessageBytes: number
  readonly segmentBytes: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  /** How far the producer's clock may be behind and ahead of ours. */
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
}

/** What has become of a batch. `problem` says in words what an error code leaves open. */
export interface AppendResult {
  readonly errorCode: number
  readonly problem: string | null
  readonly baseOffset: number
  /** The broker's time where the topic asks for it, else −1. */
  readonly logAppendTime: number
}

/** Where a log keeps its segments. */
export interface SegmentFolder {
  /** A new, empty segment. */
  create(baseOffset: number): Segment
  /** Keeps the first offset that consumers may read, over restarts. */
  saveStartOffset(offset: number): void
  /** Lets the rest of the segment's life go on without us: it is on disk, whatever happens to the machine. */
  seal(segment: Segment): void
}

/** How a log begins its life: with what was found on disk, or with one empty segment. */
export interface LogContents {
  readonly segments: Segment[]
  readonly startOffset: number
  readonly producers: ProducerState
  readonly epochs: LeaderEpochs
}

/**
 * The log of one partition. An append has been handed to the operating system when it returns: killing this process
 * loses nothing that was acknowledged. (A power cut may: files are forced to disk when a segment is full and when the
 * broker stops, not at each append.)
 */
export class PartitionLog {
  readonly #contents: LogContents
  readonly #folder: SegmentFolder
  readonly #settings: () => LogSettings
  readonly #leaderEpoch: number
  readonly #waiters = new Set<() => void>()
  #startOffset: number
  #appendsUntilExpiry = 1_000

  constructor(contents: LogContents, folder: SegmentFolder, settings: () => LogSettings, leaderEpoch: number) {
    this.#contents = contents
    this.#folder = folder
    this.#settings = settings
    this.#leaderEpoch = leaderEpoch
    this.#startOffset = contents.startOffset
  }

  get startOffset(): number {
    return this.#startOffset
  }

  get endOffset(): number {
    return this.#active.endOffset
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  get segments(): readonly Segment[] {
    return this.#contents.segments
  }

  /**
   * Takes what a producer sent for this partition: one batch, which is changed in place. Throws what the file system
   * throws; the log is then as it was.
   */
  append(records: Buffer, now: number): AppendResult {
    const settings = this.#settings()
    const refusal = refuseRecords(records, settings, now)
    if (refusal !== null) return refusal
    const header = readBatchHeader(records, 0)
    const check = this.#contents.producers.check(header)
    if (check.type === 'refused') return refused(check.errorCode, null)
    const stamped = settings.timestampType === 'LogAppendTime'
    if (check.type === 'duplicate') return accepted(check.baseOffset, stamped ? check.timestamp : -1)
    const baseOffset = this.endOffset
    assignOffset(records, baseOffset, this.#leaderEpoch)
    if (stamped) stampLogAppendTime(records, now)
    const placed = stamped ? readBatchHeader(records, 0) : header
    this.#segmentFor(records.length, settings.segmentBytes).append(records, placed, baseOffset)
    this.#contents.epochs.note(this.#leaderEpoch, baseOffset)
    this.#contents.producers.appended(header, baseOffset, placed.maxTimestamp, now)
    this.#expireProducers(now)
    for (const waiter of this.#waiters) waiter()
    return accepted(baseOffset, stamped ? now : -1)
  }

  /** Whole batches from the one that holds the offset on, which must lie between start and end. */
  read(
    offset: number,
    limits: { readonly maxBytes: number; readonly atLeastOne: boolean },
    lease: ReadLease,
  ): LogSlice {
    if (offset >= this.endOffset) return emptySlice
    for (let i = this.#segmentIndex(offset); i < this.segments.length; i++) {
      const segment = this.segments[i]
      if (segment === undefined || offset >= segment.endOffset) continue
      return segment.read(offset, limits, lease)
    }
    return emptySlice
  }

  /** How many bytes lie from the offset on; counting ends where the number has reached `enough`. */
  bytesFrom(offset: number, enough: number): number {
    if (offset >= this.endOffset) return 0
    let bytes = 0
    for (let i = this.segments.length - 1; i >= 0 && bytes < enough; i--) {
      const segment = this.segments[i]
      if (segment === undefined) break
      if (offset <= segment.baseOffset) bytes += segment.store.size
      else return bytes + segment.store.size - segment.positionOf(offset)
    }
    return bytes
  }

  /** Batches that may hold a timestamp of at least this, oldest first, with the segment that they lie in. */
  *batchesSince(timestamp: number): Generator<{ readonly segment: Segment; readonly batch: PlacedBatch }, void> {
    for (const segment of this.segments) {
      if (segment.maxTimestamp < timestamp) continue
      for (const batch of segment.batchesSince(timestamp)) yield { segment, batch }
    }
  }

  /** The epoch that wrote the record at the offset, or the current one for the end of the log. */
  epochAt(offset: number): number {
    return offset >= this.endOffset ? this.#leaderEpoch : this.#contents.epochs.at(offset)
  }

  /** Where the records of an epoch end; (−1, −1) for one that nobody here has heard of. */
  endOfEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } {
    if (epoch === this.#leaderEpoch) return { epoch, endOffset: this.endOffset }
    if (epoch > this.#leaderEpoch) return { epoch: -1, endOffset: -1 }
    return this.#contents.epochs.endOf(epoch, this.endOffset)
  }

  /** Records before the offset are gone for consumers; segments that hold nothing else are deleted. */
  deleteBefore(offset: number): void {
    if (offset <= this.#startOffset) return
    this.#folder.saveStartOffset(offset)
    this.#startOffset = offset
    const { segments } = this.#contents
    for (let next = segments[1]; next !== undefined && next.baseOffset <= offset; next = segments[1])
      segments.shift()?.store.remove()
  }

  /** Calls back after each append, until the returned function is called. */
  onAppend(callback: () => void): () => void {
    this.#waiters.add(callback)
    return () => this.#waiters.delete(callback)
  }

  /** Forces what was appended to disk and closes the files. */
  async close(): Promise<void> {
    for (const { store } of this.segments) {
      await store.sync()
      store.close()
    }
  }

  /** Closes the files and deletes them. */
  remove(): void {
    for (const { store } of this.segments) store.remove()
    for (const waiter of this.#waiters) waiter()
  }

  get #active(): Segment {
    const last = this.#contents.segments.at(-1)
    if (last === undefined) throw new Error('A log has at least one segment')
    return last
  }

  #segmentFor(bytes: number, segmentBytes: number): Segment {
    const active = this.#active
    if (active.store.size === 0 || active.store.size + bytes <= segmentBytes) return active
    const next = this.#folder.create(active.endOffset)
    this.#folder.seal(active)
    this.#contents.segments.push(next)
    return next
  }

  #segmentIndex(offset: number): number {
    for (let i = this.segments.length - 1; i > 0; i--) if ((this.segments[i]?.baseOffset ?? 0) <= offset) return i
    return 0
  }

  #expireProducers(now: number): void {
    this.#appendsUntilExpiry -= 1
    if (this.#appendsUntilExpiry > 0) return
    this.#appendsUntilExpiry = 1_000
    this.#contents.producers.expire(now)
  }
}

/** What a producer may not send, whatever the state of the log. */
function refuseRecords(records: Buffer, settings: LogSettings, now: number): AppendResult | null {
  const { maxMessageBytes } = settings
  if (records.length > maxMessageBytes)
    return refused(errorCode.MESSAGE_TOO_LARGE, `${records.length} bytes, at most ${maxMessageBytes} are allowed`)
  try {
    const header = validateBatchHeader(records)
    if (header.size < records.length) return refused(errorCode.INVALID_RECORD, 'more than one batch for a partition')
    if (header.isControl) return refused(errorCode.INVALID_RECORD, 'a producer cannot write control records')
    if (header.isTransactional) return refused(errorCode.INVALID_TXN_STATE, 'this broker has no transactions')
    return hasAllowedTime(header, settings, now)
      ? null
      : refused(errorCode.INVALID_TIMESTAMP, `timestamps from ${header.baseTimestamp} to ${header.maxTimestamp}`)
  } catch (error) {
    if (error instanceof KafkaError) return refused(error.errorCode, error.message)
    throw error
  }
}

/** Kafka looks at every record for this; the two times in the header come close, and need nothing decompressed. */
function hasAllowedTime(
  { baseTimestamp, maxTimestamp }: { readonly baseTimestamp: number; readonly maxTimestamp: number },
  settings: LogSettings,
  now: number,
): boolean {
  if (settings.timestampType === 'LogAppendTime') return true
  if (!Number.isSafeInteger(baseTimestamp) || !Number.isSafeInteger(maxTimestamp)) return false
  const isTooOld = baseTimestamp !== -1 && now - baseTimestamp > settings.timestampBeforeMaxMs
  return !isTooOld && maxTimestamp - now <= settings.timestampAfterMaxMs
}

function refused(code: number, problem: string | null): AppendResult {
  return { errorCode: code, problem, baseOffset: -1, logAppendTime: -1 }
}

function accepted(baseOffset: number, logAppendTime: number): AppendResult {
  return { errorCode: errorCode.NONE, problem: null, baseOffset, logAppendTime }
}
