import type { SinkTask, TopicPartition } from '@sluice/api'
import { type ConsumerPort, type GroupGeneration, partitionKey } from '@sluice/kafka'
import type { CallSite, PluginCalls } from './plugin-calls.ts'
import type { SinkWishes } from './sink-context.ts'
import type { SinkOffsets } from './sink-offsets.ts'

export interface SinkPartitionsInput {
  readonly task: SinkTask
  readonly taskLabel: string
  readonly consumer: ConsumerPort
  readonly groupId: string
  readonly offsets: SinkOffsets
  readonly wishes: SinkWishes
  readonly calls: PluginCalls
  /** Repeats what Kafka could not answer; null when the task has to turn to something else. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T | null>
}

/** The partitions of a sink task: how they come, where they begin, when they rest and how they go. */
export class SinkPartitions {
  readonly offsets: SinkOffsets
  readonly #input: SinkPartitionsInput
  readonly #openSite: CallSite
  readonly #closeSite: CallSite
  #isMember = false
  /** Nothing is delivered at all: the task is paused, or has to take a batch again first. */
  #isResting = false

  constructor(input: SinkPartitionsInput) {
    this.#input = input
    this.offsets = input.offsets
    this.#openSite = input.calls.site(input.taskLabel, 'open()')
    this.#closeSite = input.calls.site(input.taskLabel, 'close()')
  }

  /** Whether the task is in a generation of its group, with partitions or without. */
  get isMember(): boolean {
    return this.#isMember
  }

  list(): readonly TopicPartition[] {
    return [...this.#input.wishes.partitions.values()]
  }

  /** Partitions of a new generation: from their committed offsets, else where the reset policy says. */
  async assign(partitions: readonly TopicPartition[], generation: GroupGeneration): Promise<void> {
    const { consumer, wishes, task, calls, persist } = this.#input
    const added = partitions.filter((partition) => !wishes.partitions.has(partitionKey(partition)))
    for (const partition of added) wishes.partitions.set(partitionKey(partition), partition)
    consumer.assign(this.list())
    if (this.#isResting) consumer.pause(added)
    const positions = added.length === 0 ? new Map<string, number>() : await persist(() => this.#begin(added))
    if (positions === null) return
    this.offsets.assigned(added, positions, generation)
    this.#isMember = true
    wishes.arePausesChanged = true
    if (added.length > 0 && task.open) await calls.run(this.#openSite, () => task.open?.(added))
  }

  /** Seeks to the committed offsets and says where each partition begins. */
  async #begin(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    const { consumer, groupId } = this.#input
    const committed = await consumer.committed(groupId, partitions)
    const positions = new Map<string, number>()
    for (const partition of partitions) {
      const key = partitionKey(partition)
      const offset = committed.get(key)
      if (offset !== undefined) consumer.seek(partition, offset)
      positions.set(key, offset ?? (await consumer.position(partition)))
    }
    return positions
  }

  /** Partitions that go: their last commit where it still counts, then the task's `close`. */
  async close(partitions: readonly TopicPartition[], { isCommitted }: { isCommitted: boolean }): Promise<void> {
    const { consumer, wishes, task, calls } = this.#input
    const owned = partitions.filter((partition) => wishes.partitions.has(partitionKey(partition)))
    this.#isMember = false
    if (owned.length === 0) return
    try {
      if (isCommitted) await this.offsets.closing(owned)
      if (task.close) await calls.run(this.#closeSite, () => task.close?.(owned))
    } finally {
      this.offsets.removed(owned)
      for (const partition of owned) {
        wishes.partitions.delete(partitionKey(partition))
        wishes.offsets.delete(partitionKey(partition))
      }
      consumer.assign(this.list())
    }
  }

  /** Goes where the task wants to go on; returns the keys of the partitions that moved. */
  seek(): readonly string[] {
    const { wishes, consumer } = this.#input
    if (wishes.offsets.size === 0) return []
    const positions = new Map<string, number>()
    for (const [key, { topic, partition, offset }] of wishes.offsets) {
      if (!wishes.partitions.has(key)) continue
      consumer.seek({ topic, partition }, offset)
      positions.set(key, offset)
    }
    wishes.offsets.clear()
    this.offsets.moved(positions)
    return [...positions.keys()]
  }

  /** Lets partitions rest that are to rest, and no others. */
  applyPauses(isResting: boolean): void {
    const { wishes, consumer } = this.#input
    if (isResting === this.#isResting && !wishes.arePausesChanged) return
    this.#isResting = isResting
    wishes.arePausesChanged = false
    const rests = (partition: TopicPartition): boolean => isResting || wishes.paused.has(partitionKey(partition))
    const all = this.list()
    consumer.pause(all.filter(rests))
    consumer.resume(all.filter((partition) => !rests(partition)))
  }
}
