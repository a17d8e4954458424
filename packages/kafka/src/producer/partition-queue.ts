import type { ProducerBatch, ProducerIdentity } from './producer-batch.ts'

/** What a partition has to say when asked for its next batch. */
export type NextBatch =
  | { readonly kind: 'send'; readonly batch: ProducerBatch }
  /** Nothing before that time, unless something happens. */
  | { readonly kind: 'wait'; readonly untilMs: number }

/** What decides whether a batch may go. */
export interface SendRules {
  readonly nowMs: number
  readonly lingerMs: number
  /** Send what there is: a flush, or memory has run out. */
  readonly hurry: boolean
  readonly maxInFlight: number
  /** Whether batches carry sequence numbers. */
  readonly isIdempotent: boolean
}

/** A broker forgets producers that have been silent for long (`producer.id.expiration.ms`, a day unless set lower). */
const rememberedForMs = 60_000

const never: NextBatch = { kind: 'wait', untilMs: Infinity }
const maxSequence = 2147483647

/**
 * The batches of one partition in the order of `send`, and the sequence numbers by which the broker keeps that order.
 *
 * Order over retries: batches that must be sent again stand in front, and one of them goes only when every earlier one
 * has been answered. The broker refuses whatever comes out of turn (OUT_OF_ORDER_SEQUENCE_NUMBER), so nothing that was
 * under way behind a lost batch is stored before it.
 *
 * A broker that does not know the producer takes whatever batch comes first, whatever its sequence. So while it may
 * not know it, one batch goes alone, until it is acknowledged: otherwise, with the first batch refused by a broker that
 * has only just become leader, the second would be stored before it.
 *
 * When the broker refuses the *first* unanswered batch as out of turn, it knows nothing of what came before: a batch
 * before it was given up, or the broker has lost its state. Nothing after it can have been stored under these numbers,
 * so the partition starts again under a new epoch, from sequence 0 (`needsNewEpoch`), once nothing is under way.
 */
export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  /** The batch that records are appended to. */
  open: ProducerBatch | null = null
  needsNewEpoch = false
  identity: ProducerIdentity | null = null
  #nextSequence = 0
  /** When the broker last acknowledged a batch under the present identity. */
  #acknowledgedAtMs = -Infinity
  readonly #waiting: ProducerBatch[] = []
  readonly #inFlight: ProducerBatch[] = []

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get isEmpty(): boolean {
    return this.open === null && this.#waiting.length === 0 && this.#inFlight.length === 0
  }

  get inFlightCount(): number {
    return this.#inFlight.length
  }

  /** No more records for the open batch. */
  closeOpen(): void {
    if (this.open === null) return
    this.#waiting.push(this.open)
    this.open = null
  }

  /** The batch to send now, or until when to wait. */
  next(rules: SendRules): NextBatch {
    if (this.#inFlight.length >= this.#mostInFlight(rules)) return never
    if (this.needsNewEpoch && this.#inFlight.length > 0) return never
    const head = this.#waiting[0]
    if (head === undefined) return this.#nextOpen(rules)
    if (head.retryAtMs > rules.nowMs) return { kind: 'wait', untilMs: head.retryAtMs }
    const first = this.#inFlight[0]
    const isOutOfTurn = head.sequence >= 0 && first !== undefined && first.place.ordinal < head.place.ordinal
    return isOutOfTurn ? never : { kind: 'send', batch: head }
  }

  #mostInFlight(rules: SendRules): number {
    const isKnown = rules.nowMs - this.#acknowledgedAtMs < rememberedForMs
    return rules.isIdempotent && !isKnown ? 1 : rules.maxInFlight
  }

  #nextOpen(rules: SendRules): NextBatch {
    if (this.open === null) return never
    const lingeredMs = this.open.place.createdAtMs + rules.lingerMs
    if (!rules.hurry && lingeredMs > rules.nowMs) return { kind: 'wait', untilMs: lingeredMs }
    return { kind: 'send', batch: this.open }
  }

  /** The batch of the last `next` goes out: gives it its sequence numbers under the producer's identity (null: none). */
  take(batch: ProducerBatch, current: ProducerIdentity | null): void {
    if (this.open === batch) this.open = null
    else this.#waiting.shift()
    if (current !== null && batch.sequence < 0) {
      if (this.identity === null || (this.identity !== current && this.#hasNoSequences())) this.#startUnder(current)
      batch.sequence = this.#nextSequence
      this.#nextSequence = sequenceAfter(batch.sequence, batch.count)
    }
    this.#inFlight.push(batch)
    this.#inFlight.sort(byOrdinal)
  }

  /** The broker has the batch. */
  acknowledge(batch: ProducerBatch, nowMs: number): void {
    this.#acknowledgedAtMs = nowMs
    this.#removeInFlight(batch)
  }

  /** The batch was given up. */
  giveUp(batch: ProducerBatch): void {
    this.#removeInFlight(batch)
  }

  /** The batch has to be sent again. */
  retry(batch: ProducerBatch, atMs: number): void {
    this.#removeInFlight(batch)
    batch.retryAtMs = atMs
    this.#waiting.push(batch)
    this.#waiting.sort(byOrdinal)
  }

  /** The broker refused the batch as out of turn: it waits for its turn, or, being the first, for a new epoch. */
  refuseSequence(batch: ProducerBatch, atMs: number): void {
    const isFirst = ![...this.#waiting, ...this.#inFlight].some((other) => other.place.ordinal < batch.place.ordinal)
    if (isFirst) this.needsNewEpoch = true
    this.retry(batch, isFirst ? atMs : 0)
  }

  /** Puts the parts of a batch that was too large in its place; they share out its sequence numbers. */
  replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    this.#removeInFlight(batch)
    let sequence = batch.sequence
    for (const part of parts) {
      part.sequence = sequence
      if (sequence >= 0) sequence = sequenceAfter(sequence, part.count)
      this.#waiting.push(part)
    }
    this.#waiting.sort(byOrdinal)
  }

  /** Starts anew under this identity; nothing may be under way. Batches that wait are numbered again. */
  restart(identity: ProducerIdentity): void {
    this.needsNewEpoch = false
    this.#startUnder(identity)
    for (const batch of this.#waiting) batch.sequence = -1
  }

  /** When the oldest batch that is not under way was begun; Infinity when there is none. */
  get oldestWaitingMs(): number {
    return (this.#waiting[0] ?? this.open)?.place.createdAtMs ?? Infinity
  }

  /** Takes out the batches that are not under way and were begun at that time or before. */
  removeOlderThan(createdAtMs: number): readonly ProducerBatch[] {
    if (this.oldestWaitingMs > createdAtMs) return []
    this.closeOpen()
    const firstYounger = this.#waiting.findIndex((batch) => batch.place.createdAtMs > createdAtMs)
    return this.#waiting.splice(0, firstYounger < 0 ? this.#waiting.length : firstYounger)
  }

  /** Every batch that is not answered. */
  batches(): readonly ProducerBatch[] {
    return [...this.#inFlight, ...this.#waiting, ...(this.open === null ? [] : [this.open])]
  }

  /** Gives every batch away; nothing is left. */
  clear(): readonly ProducerBatch[] {
    const batches = this.batches()
    this.open = null
    this.#waiting.length = 0
    this.#inFlight.length = 0
    return batches
  }

  /** No batch that was numbered is unanswered. */
  #hasNoSequences(): boolean {
    return this.#inFlight.length === 0 && !this.#waiting.some((batch) => batch.sequence >= 0)
  }

  #startUnder(identity: ProducerIdentity): void {
    this.identity = identity
    this.#nextSequence = 0
    this.#acknowledgedAtMs = -Infinity
  }

  #removeInFlight(batch: ProducerBatch): void {
    const at = this.#inFlight.indexOf(batch)
    if (at >= 0) this.#inFlight.splice(at, 1)
  }
}

/** Sequence numbers go on at 0 after the largest int32. */
export function sequenceAfter(sequence: number, count: number): number {
  return sequence > maxSequence - count ? count - (maxSequence - sequence) - 1 : sequence + count
}

function byOrdinal(a: ProducerBatch, b: ProducerBatch): number {
  return a.place.ordinal - b.place.ordinal
}
