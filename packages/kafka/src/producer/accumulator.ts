import type { ProducerRecord, SendListener } from '../ports.ts'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import { PartitionQueue } from './partition-queue.ts'
import { ProducerBatch } from './producer-batch.ts'

/** A record with what `append` needs beside it. */
export interface Appended {
  readonly record: ProducerRecord
  readonly partition: number
  readonly timestamp: number
  /** The most bytes that a batch with this record alone takes. */
  readonly size: number
  readonly listener: SendListener
  readonly token: unknown
}

/** What an append did: `full` took nothing, the others took the record. */
export type AppendResult = 'full' | 'appended' | 'opened' | 'filled'

// Free builders kept for the next batches; more would hold memory that an idle producer does not need.
const freeBytesKept = 2 * 1024 * 1024

/**
 * Gathers records into batches, one open batch a partition. I9: the memory of all batches that are not yet answered
 * never exceeds `bufferMemory`; a batch counts with its whole capacity from its first record on.
 */
export class Accumulator {
  readonly #batchSize: number
  readonly #bufferMemory: number
  readonly #queues = new Map<string, (PartitionQueue | undefined)[]>()
  readonly #active = new Set<PartitionQueue>()
  readonly #free: RecordBatchBuilder[] = []
  #reserved = 0
  #ordinal = 0

  constructor(options: { readonly batchSize: number; readonly bufferMemory: number }) {
    this.#batchSize = Math.min(options.batchSize, options.bufferMemory)
    this.#bufferMemory = options.bufferMemory
  }

  /** Bytes that batches hold. */
  get reservedBytes(): number {
    return this.#reserved
  }

  /** The partitions that have batches; those that were sent from longest ago first. */
  get active(): ReadonlySet<PartitionQueue> {
    return this.#active
  }

  /** Takes the record into the open batch of its partition, or into a new one if memory allows. */
  append(appended: Appended, nowMs: number): AppendResult {
    const queue = this.#queue(appended.record.topic, appended.partition)
    const { record, timestamp, listener, token } = appended
    if (queue.open?.append(record, timestamp, listener, token) === true) return 'appended'
    const hadOpen = queue.open !== null
    const reserved = Math.max(this.#batchSize, appended.size)
    if (this.#reserved + reserved > this.#bufferMemory) return 'full'
    queue.closeOpen()
    queue.open = this.newBatch(reserved, nowMs, this.#ordinal++)
    this.#active.add(queue)
    queue.open.append(record, timestamp, listener, token)
    return hadOpen ? 'filled' : 'opened'
  }

  /** An empty batch that holds this much memory until `release`. */
  newBatch(reserved: number, createdAtMs: number, ordinal: number): ProducerBatch {
    this.#reserved += reserved
    const pooled = reserved === this.#batchSize ? this.#free.pop() : undefined
    return new ProducerBatch({ ordinal, createdAtMs, reserved }, pooled ?? new RecordBatchBuilder(reserved))
  }

  /** The batch was answered: its memory is free again. */
  release(batch: ProducerBatch): void {
    this.#reserved -= batch.place.reserved
    if (batch.builder.capacity !== this.#batchSize || (this.#free.length + 1) * this.#batchSize > freeBytesKept) return
    batch.builder.reset()
    this.#free.push(batch.builder)
  }

  /** The partition was sent from: the others come first now. An empty one is no longer active. */
  rotate(queue: PartitionQueue): void {
    this.#active.delete(queue)
    if (!queue.isEmpty) this.#active.add(queue)
  }

  #queue(topic: string, partition: number): PartitionQueue {
    let partitions = this.#queues.get(topic)
    if (partitions === undefined) {
      partitions = []
      this.#queues.set(topic, partitions)
    }
    const known = partitions[partition]
    if (known !== undefined) return known
    const queue = new PartitionQueue(topic, partition)
    partitions[partition] = queue
    return queue
  }
}
