import type { TopicPartition } from '@sluice/api'
import type { KafkaError } from '../errors/kafka-error.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { FetchLease } from './fetch-lease.ts'

/** What was fetched and not yet delivered: a batch, one to pass over (null), or an error met at that place. */
export interface FetchedItem {
  readonly batch: RecordBatch | null
  readonly error: KafkaError | null
  readonly nextOffset: number
  readonly lease: FetchLease
}

/**
 * Where the consumer stands in one partition. `position` is the next record to deliver, `fetchPosition` the next to
 * ask for; between them lies what has been fetched. `epoch` changes whenever that is thrown away, so that an answer to
 * an older question is recognised and dropped.
 */
export class AssignedPartition implements TopicPartition {
  readonly topic: string
  readonly partition: number
  epoch = 0
  isPaused = false
  /** No fetch before this: the last one failed. */
  retryAtMs = 0
  failures = 0
  #position: number | null = null
  #fetchPosition = 0
  #items: FetchedItem[] = []
  /** The epoch of the newest question. */
  #askedEpoch = -1
  #isAnswered = true

  constructor(partition: TopicPartition) {
    this.topic = partition.topic
    this.partition = partition.partition
  }

  /** The offset of the next record to deliver; null until it is sought or looked up. */
  get position(): number | null {
    return this.#position
  }

  get fetchPosition(): number {
    return this.#fetchPosition
  }

  /** The oldest item not delivered. */
  get head(): FetchedItem | undefined {
    return this.#items[0]
  }

  /** An error was met where the next fetch would go on: it has to be dealt with first. */
  get isBlocked(): boolean {
    return (this.#items.at(-1)?.error ?? null) !== null
  }

  /** A question of the present epoch is under way. */
  get isAsked(): boolean {
    return this.#askedEpoch === this.epoch && !this.#isAnswered
  }

  /** Nothing was asked yet since it was assigned, sought or resumed. */
  get isFresh(): boolean {
    return this.#askedEpoch !== this.epoch
  }

  /** A question goes out. */
  ask(): void {
    this.#askedEpoch = this.epoch
    this.#isAnswered = false
  }

  /** The question of that epoch was answered, or failed. */
  answered(epoch: number): void {
    if (epoch === this.#askedEpoch) this.#isAnswered = true
  }

  /** Goes on from this offset; null: where the reset policy says. */
  seek(offset: number | null): void {
    this.#position = offset
    this.retryAtMs = 0
    this.failures = 0
    this.discard()
  }

  /** Throws away what was fetched and not delivered, and what is being fetched. */
  discard(): void {
    this.epoch++
    this.#fetchPosition = this.#position ?? 0
    const items = this.#items
    this.#items = []
    for (const item of items) item.lease.release()
  }

  /** Takes in what an answer to the present question brought; holds its memory. */
  add(item: FetchedItem): void {
    item.lease.retain()
    this.#items.push(item)
    this.#fetchPosition = item.nextOffset
  }

  /** Records up to this offset were delivered; the head stays. */
  advance(position: number): void {
    this.#position = position
  }

  /** The head is done with: passes to what follows it. */
  finishHead(): void {
    const item = this.#items.shift()
    if (item === undefined) return
    this.#position = item.nextOffset
    item.lease.release()
  }
}
