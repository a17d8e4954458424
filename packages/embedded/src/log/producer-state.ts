import { errorCode } from '@sluice/kafka/protocol'
import type { BatchHeader } from './batch-header.ts'

const remembered = 5 // as many batches as an idempotent producer may have in flight
const maxSequence = 0x7fff_ffff

interface RecentBatch {
  readonly baseSequence: number
  readonly lastSequence: number
  readonly baseOffset: number
  readonly timestamp: number
}

interface ProducerEntry {
  epoch: number
  /** Oldest first. */
  batches: RecentBatch[]
  lastSeen: number
}

/** What is to become of a batch: it is new, it is here already, or its producer is told of an error. */
export type SequenceCheck =
  | { readonly type: 'append' }
  | { readonly type: 'duplicate'; readonly baseOffset: number; readonly timestamp: number }
  | { readonly type: 'refused'; readonly errorCode: number }

/** Producers that have been silent for longer than this are forgotten (producer.id.expiration.ms). */
export const producerExpirationMs = 86_400_000

const append: SequenceCheck = { type: 'append' }

/**
 * The idempotent producers of one partition: each numbers its records, so that a batch that is sent twice is stored
 * once and a batch that overtakes another is noticed. Everything here can be made again from the headers of the log.
 */
export class ProducerState {
  readonly #producers = new Map<number, ProducerEntry>()

  get size(): number {
    return this.#producers.size
  }

  /** Judges a batch before it is appended. Changes nothing. */
  check(header: BatchHeader): SequenceCheck {
    if (header.producerId < 0) return append
    if (header.producerEpoch < 0 || header.baseSequence < 0) return refused(errorCode.INVALID_RECORD)
    const entry = this.#producers.get(header.producerId)
    if (entry === undefined) return append // Its history may have been forgotten: any sequence begins a new one.
    if (header.producerEpoch < entry.epoch) return refused(errorCode.INVALID_PRODUCER_EPOCH)
    if (header.producerEpoch > entry.epoch)
      return header.baseSequence === 0 ? append : refused(errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    return checkSequence(entry, header)
  }

  /** Notes a batch that was appended, or was found in the log on start. */
  appended(header: BatchHeader, baseOffset: number, timestamp: number, now: number): void {
    if (header.producerId < 0) return
    const batch = {
      baseSequence: header.baseSequence,
      lastSequence: advance(header.baseSequence, header.lastOffsetDelta),
      baseOffset,
      timestamp,
    }
    const entry = this.#producers.get(header.producerId)
    if (entry === undefined || entry.epoch !== header.producerEpoch) {
      this.#producers.set(header.producerId, { epoch: header.producerEpoch, batches: [batch], lastSeen: now })
      return
    }
    entry.batches.push(batch)
    if (entry.batches.length > remembered) entry.batches.shift()
    entry.lastSeen = now
  }

  /** Forgets producers that have been silent for long (I9: their number does not grow for ever). */
  expire(now: number): void {
    for (const [id, entry] of this.#producers)
      if (now - entry.lastSeen > producerExpirationMs) this.#producers.delete(id)
  }
}

function checkSequence(entry: ProducerEntry, header: BatchHeader): SequenceCheck {
  const lastSequence = advance(header.baseSequence, header.lastOffsetDelta)
  for (const known of entry.batches)
    if (known.baseSequence === header.baseSequence && known.lastSequence === lastSequence)
      return { type: 'duplicate', baseOffset: known.baseOffset, timestamp: known.timestamp }
  const last = entry.batches.at(-1)
  const isNext = last === undefined || advance(last.lastSequence, 1) === header.baseSequence
  return isNext ? append : refused(errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
}

function refused(code: number): SequenceCheck {
  return { type: 'refused', errorCode: code }
}

/** Sequences are counted in 31 bits: after 2147483647 comes 0. */
function advance(sequence: number, by: number): number {
  return sequence > maxSequence - by ? by - (maxSequence - sequence) - 1 : sequence + by
}
