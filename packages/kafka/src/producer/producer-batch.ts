import type { Logger } from '@sluice/api'
import type { KafkaError } from '../errors/kafka-error.ts'
import type { ProducerRecord, SendListener } from '../ports.ts'
import { stampProducer } from '../records/batch-header.ts'
import type { RecordBatchBuilder, SealOptions } from '../records/record-batch-builder.ts'

/** Under which id a broker tells repeated batches from new ones. */
export interface ProducerIdentity {
  readonly producerId: bigint
  readonly epoch: number
}

/** Where a batch stands in the order of its partition. */
export interface BatchPlace {
  /** Increases with the order of `send`; the parts of a batch that was split lie between it and the next. */
  readonly ordinal: number
  readonly createdAtMs: number
  /** Bytes of buffer memory that the batch holds until it is answered. */
  readonly reserved: number
}

/**
 * Records of one partition that travel together, with whom to tell about each. Open while records are appended;
 * sealed by the first `bytesFor`; answered once, by `complete` or `fail`.
 */
export class ProducerBatch {
  readonly place: BatchPlace
  readonly builder: RecordBatchBuilder
  /** First sequence number, or -1 while none was given. */
  sequence = -1
  attempts = 0
  /** Why it has to be sent again. */
  lastError: KafkaError | null = null
  /** Not to be sent again before this. */
  retryAtMs = 0
  readonly #listeners: SendListener[] = []
  readonly #tokens: unknown[] = []
  readonly #timestamps: number[] = []
  #bytes: Buffer | null = null
  #stamped: { readonly identity: ProducerIdentity | null; readonly sequence: number } | null = null

  constructor(place: BatchPlace, builder: RecordBatchBuilder) {
    this.place = place
    this.builder = builder
  }

  get count(): number {
    return this.#tokens.length
  }

  /** Copies the record in; false when there is no room. */
  append(record: ProducerRecord, timestamp: number, listener: SendListener, token: unknown): boolean {
    if (this.builder.append(timestamp, record.key, record.value, record.headers) < 0) return false
    this.#listeners.push(listener)
    this.#tokens.push(token)
    this.#timestamps.push(timestamp)
    return true
  }

  /** Appends a record of a batch that is being split, with whoever waits for it. */
  adopt(from: ProducerBatch, index: number, record: ProducerRecord): boolean {
    const [listener, timestamp] = [from.#listeners[index], from.#timestamps[index]]
    if (listener === undefined || timestamp === undefined) return false
    return this.append(record, timestamp, listener, from.#tokens[index])
  }

  /** What to send: sealed at the first call, afterwards only stamped anew where id or sequence changed. */
  bytesFor(identity: ProducerIdentity | null, options: SealOptions): Buffer {
    const stamp = identity ?? { producerId: -1n, epoch: -1 }
    if (this.#bytes === null) {
      this.#bytes = this.builder.seal({
        ...options,
        producerId: stamp.producerId,
        producerEpoch: stamp.epoch,
        baseSequence: this.sequence,
      })
    } else if (this.#stamped?.identity !== identity || this.#stamped.sequence !== this.sequence) {
      stampProducer(this.#bytes, stamp.producerId, stamp.epoch, this.sequence)
    }
    this.#stamped = { identity, sequence: this.sequence }
    return this.#bytes
  }

  /** The bytes as they were sent, to read the records back from; null before that. */
  get sentBytes(): Buffer | null {
    return this.#bytes
  }

  /** Every record was stored, the first at this offset (-1: unknown). */
  complete(partition: number, baseOffset: number, logAppendTimeMs: number, log: Logger): void {
    this.#tell(log, (listener, index) => {
      const offset = baseOffset < 0 ? -1 : baseOffset + index
      const timestamp = logAppendTimeMs >= 0 ? logAppendTimeMs : (this.#timestamps[index] ?? -1)
      listener.acknowledged(this.#tokens[index], partition, offset, timestamp)
    })
  }

  /** No record will be stored, as far as this producer can know. */
  fail(error: KafkaError, log: Logger): void {
    this.#tell(log, (listener, index) => listener.failed(this.#tokens[index], error))
  }

  /** A listener that throws must not keep the others from hearing. */
  #tell(log: Logger, tell: (listener: SendListener, index: number) => void): void {
    for (const [index, listener] of this.#listeners.entries()) {
      try {
        tell(listener, index)
      } catch (error) {
        log.error('A send listener threw', { error: String(error) })
      }
    }
  }
}
