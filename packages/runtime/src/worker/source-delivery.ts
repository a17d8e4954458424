import { ConnectError, type Logger, type RecordMetadata, type SourceRecord, type SourceTask } from '@sluice/api'
import type { KafkaError, SendListener } from '@sluice/kafka'
import { type CommittableOffset, type Submission, SubmittedRecords } from '../core/tasks/submitted-records.ts'
import type { CallSite, PluginCalls } from './plugin-calls.ts'
import type { OffsetCodec, OffsetTexts } from './source-offsets.ts'

/**
 * How the records of a source task and their offsets get to Kafka together. The runner sends; this says what becomes
 * of each record and when offsets are stored.
 */
export interface SourceDelivery {
  /** Told by the producer about each record; the token is what `submit` gave. */
  readonly listener: SendListener
  /** A record that goes to this topic next. */
  submit(record: SourceRecord, topic: string): unknown
  /** The record was not sent after all. */
  withdraw(token: unknown): void
  /** The record was dropped on purpose. */
  dropped(record: SourceRecord): void
  /** The error of a record that Kafka refused: nothing more may be sent. */
  failure(): Error | null
  /** Records whose fate is not known. */
  pending(): number
  /** Called when the last pending record is answered. */
  onIdle(listener: () => void): void
  /** Stores what can be stored, then tells the task. Never rejects: what could not be stored is tried again. */
  commit(): Promise<void>
}

export interface AtLeastOnceInput {
  readonly task: SourceTask
  readonly taskLabel: string
  readonly codec: OffsetCodec
  readonly texts: OffsetTexts
  readonly calls: PluginCalls
  readonly log: Logger
  /** I6: asked before offsets are stored. */
  readonly mayCommit: () => boolean
}

interface Sent {
  readonly record: SourceRecord
  readonly topic: string
}

/** I2: an offset is stored only after Kafka acknowledged every record of its partition up to it. */
export function deliverAtLeastOnce(input: AtLeastOnceInput): SourceDelivery {
  return new AtLeastOnce(input)
}

class AtLeastOnce implements SourceDelivery, SendListener {
  readonly #input: AtLeastOnceInput
  readonly #ledger = new SubmittedRecords()
  readonly #commitRecordSite: CallSite
  readonly #commitSite: CallSite
  /** Committable and not stored yet; a newer offset takes the place of an older one. */
  #waiting = new Map<string, CommittableOffset>()
  #failure: Error | null = null
  #onIdle: (() => void) | null = null
  #committing: Promise<void> = Promise.resolve()

  constructor(input: AtLeastOnceInput) {
    this.#input = input
    this.#commitRecordSite = input.calls.site(input.taskLabel, 'commitRecord()')
    this.#commitSite = input.calls.site(input.taskLabel, 'commit()')
  }

  get listener(): SendListener {
    return this
  }

  // Only a task that is told of each record makes it live until its acknowledgement: garbage that dies young is cheap.
  submit(record: SourceRecord, topic: string): Submission {
    return this.#ledger.submit(record, this.#input.task.commitRecord ? { record, topic } : null)
  }

  withdraw(token: unknown): void {
    this.#ledger.withdraw(token as Submission)
  }

  dropped(record: SourceRecord): void {
    this.#commitRecord(record, null)
  }

  acknowledged(token: unknown, partition: number, offset: number, timestamp: number): void {
    const submission = token as Submission
    this.#ledger.acknowledge(submission)
    if (submission.note !== null) {
      const { record, topic } = submission.note as Sent
      this.#commitRecord(record, { topic, partition, offset, timestamp: timestamp < 0 ? null : timestamp })
    }
    if (this.#ledger.pending === 0) this.#onIdle?.()
  }

  // The submission stays unacknowledged: its offset, and those behind it, are never stored.
  failed(_token: unknown, error: KafkaError): void {
    this.#failure ??= new ConnectError('Unrecoverable exception from producer send callback', { cause: error })
    this.#onIdle?.()
  }

  failure(): Error | null {
    return this.#failure
  }

  pending(): number {
    return this.#failure === null ? this.#ledger.pending : 0
  }

  onIdle(listener: () => void): void {
    this.#onIdle = listener
  }

  commit(): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commitNow())
    return this.#committing
  }

  async #commitNow(): Promise<void> {
    const { task, calls, log } = this.#input
    if (!this.#input.mayCommit()) return
    for (const committable of this.#ledger.takeCommittable()) this.#waiting.set(committable.key, committable)
    if (this.#waiting.size > 0 && !(await this.#store())) return
    if (!task.commit) return
    try {
      await calls.run(this.#commitSite, () => task.commit?.())
    } catch (error) {
      // The offsets are stored: what the task makes of that is its own affair.
      log.warn('The task failed to acknowledge a commit to its source.', { error })
    }
  }

  async #store(): Promise<boolean> {
    const { codec, texts, log } = this.#input
    const writing = this.#waiting
    this.#waiting = new Map()
    try {
      await texts.write(
        [...writing.values()].map(({ partition, offset }) => ({
          partition: codec.partitionText(partition),
          offset: codec.offsetText(offset),
        })),
      )
      return true
    } catch (error) {
      for (const [key, committable] of writing) if (!this.#waiting.has(key)) this.#waiting.set(key, committable)
      log.error('Source offsets could not be stored; they are tried again at the next commit.', { error })
      return false
    }
  }

  #commitRecord(record: SourceRecord, metadata: RecordMetadata | null): void {
    const { task, calls, log } = this.#input
    if (!task.commitRecord) return
    calls.enter(this.#commitRecordSite)
    try {
      task.commitRecord(record, metadata)
    } catch (error) {
      log.warn('The task failed to acknowledge a record to its source.', { error })
    } finally {
      calls.leave()
    }
  }
}
