import type { KafkaError } from '../errors/kafka-error.ts'
import type { TopicMetadata } from '../metadata/topic-metadata.ts'
import type { ProducerRecord } from '../ports.ts'
import { partitionForKey, StickyPartitioner } from './partitioner.ts'

/** What a producer keeps of a topic that it writes to. */
export class TopicState {
  readonly name: string
  /** Why the topic cannot be had; the next record sent to it fails with this. */
  failure: KafkaError | null = null
  isAwaited = false
  readonly #sticky: StickyPartitioner
  #metadata: TopicMetadata | null = null
  #available: readonly number[] = []

  constructor(name: string, batchSize: number) {
    this.name = name
    this.#sticky = new StickyPartitioner(batchSize)
  }

  get partitionCount(): number {
    return this.#metadata?.partitions.length ?? 0
  }

  /** Takes over what is known of the topic now. */
  learn(metadata: TopicMetadata | undefined): void {
    if (metadata === this.#metadata || (metadata === undefined && this.#metadata === null)) return
    this.#metadata = metadata ?? null
    this.#available = (metadata?.partitions ?? []).filter(({ leader }) => leader >= 0).map(({ partition }) => partition)
  }

  /** The partition that the record goes to, or -1 while it is not known that there is one. */
  partitionFor(record: ProducerRecord): number {
    const count = this.partitionCount
    if (count === 0) return -1
    if (record.partition !== null) return record.partition < count ? record.partition : -1
    return record.key === null ? this.#sticky.next(this.#available, count) : partitionForKey(record.key, count)
  }

  /** Counts a record that was taken. */
  sent(record: ProducerRecord, size: number): void {
    if (record.partition === null && record.key === null) this.#sticky.sent(size)
  }
}
