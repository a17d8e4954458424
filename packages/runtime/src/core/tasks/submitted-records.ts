import { valueKey } from '@sluice/api'
import type { SourceOffset, SourcePartition, SourceRecord } from '@sluice/api'

/**
 * The ledger of what a source task has handed to the producer.
 *
 * Each source partition has a line of records in the order in which they were sent. An offset may be committed when
 * its record and every record before it in the line were acknowledged (I2):
 *
 *     sent      a1 a2 a3 a4        acknowledged: a1 a2 a4        committable: the offset of a2
 *
 * Lines do not wait for each other. Acknowledged records that follow one another are kept as one, with the last
 * offset, so that the ledger holds at most one entry more than twice the records in flight, however long the head of
 * a line stays unacknowledged (I9).
 */
export class SubmittedRecords {
  readonly #lines = new Map<string, Line>()
  #last: Line | null = null
  #pending = 0

  /** Records that were submitted and neither acknowledged nor withdrawn. */
  get pending(): number {
    return this.#pending
  }

  /** Entries held, for whoever watches the bound. */
  get size(): number {
    let size = 0
    for (const line of this.#lines.values()) for (let at = line.first; at !== null; at = at.after) size += 1
    return size
  }

  /**
   * Takes a record in: its place in the source, and what the caller wants to find again at its acknowledgement. Call it
   * in the order of sending; hand the result back when the record's fate is known.
   */
  submit({ sourcePartition, sourceOffset }: SourcePlace, note: unknown = null): Submission {
    const line = this.#lineOf(sourcePartition)
    const submission = new Submission(sourceOffset, note, line)
    submission.before = line.last
    if (line.last === null) line.first = submission
    else line.last.after = submission
    line.last = submission
    this.#pending += 1
    return submission
  }

  /** Kafka has the record. Acknowledging it twice, or after its withdrawal, changes nothing. */
  acknowledge(submission: Submission): void {
    if (submission.isSettled) return
    submission.isSettled = true
    this.#pending -= 1
    if (submission.before?.isSettled) unlink(submission.before)
    if (submission.after?.isSettled) unlink(submission)
  }

  /** The record was not sent after all: its offset will not be committed, and nothing waits for it. */
  withdraw(submission: Submission): void {
    if (submission.isSettled) return
    submission.isSettled = true
    this.#pending -= 1
    const { before, after } = submission
    unlink(submission)
    if (before?.isSettled && after?.isSettled) unlink(before)
  }

  /** Takes out the offsets that have become committable since the last call, one for each source partition. */
  takeCommittable(): CommittableOffset[] {
    const taken: CommittableOffset[] = []
    for (const [key, line] of this.#lines) {
      const first = line.first
      if (first?.isSettled) {
        taken.push({ key, partition: line.partition, offset: first.offset })
        unlink(first)
      }
      if (line.first === null) this.#forget(key, line)
    }
    return taken
  }

  #forget(key: string, line: Line): void {
    this.#lines.delete(key)
    if (this.#last === line) this.#last = null
  }

  // A task usually hands out one object per source partition: identity saves computing the key for each record.
  #lineOf(partition: SourcePartition): Line {
    const last = this.#last
    if (last !== null && last.partition === partition) return last
    const key = valueKey(partition)
    let line = this.#lines.get(key)
    if (line === undefined) {
      line = { partition, first: null, last: null }
      this.#lines.set(key, line)
    }
    // The same partition may come as another object each time: remember the newest, so that identity hits again.
    line.partition = partition
    this.#last = line
    return line
  }
}

/** The newest offset of a source partition that may be stored; `key` is the same for equal partitions. */
export interface CommittableOffset {
  readonly key: string
  readonly partition: SourcePartition
  readonly offset: SourceOffset
}

interface Line {
  partition: SourcePartition
  first: Submission | null
  last: Submission | null
}

/** Where a record comes from. */
export type SourcePlace = Pick<SourceRecord, 'sourcePartition' | 'sourceOffset'>

/** One record in flight. Opaque outside the ledger, but for the note. */
export class Submission {
  readonly offset: SourceOffset
  readonly note: unknown
  readonly line: Line
  isSettled = false
  before: Submission | null = null
  after: Submission | null = null

  constructor(offset: SourceOffset, note: unknown, line: Line) {
    this.offset = offset
    this.note = note
    this.line = line
  }
}

function unlink(submission: Submission): void {
  const { line, before, after } = submission
  if (before === null) line.first = after
  else before.after = after
  if (after === null) line.last = before
  else after.before = before
  submission.before = null
  submission.after = null
}
