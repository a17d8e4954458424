import type { Logger } from '@sluice/api'
import { KafkaError } from '../errors/kafka-error.ts'
import { partitionKey } from '../partition-key.ts'
import type { OffsetMap, OffsetReset } from '../ports.ts'
import type { AssignedPartition } from './assigned-partition.ts'
import type { OffsetQuery } from './offset-lookup.ts'

/** How positions are found. */
export interface ResetParts {
  readonly policy: OffsetReset
  readonly log: Logger
  lookUp(queries: readonly OffsetQuery[]): Promise<OffsetMap>
  /** Positions were found, or an error is to be thrown. */
  onDone(): void
}

/** Gives a position to partitions that have none, by the reset policy. */
export class PositionReset {
  readonly #parts: ResetParts
  /** Positions that turned out not to exist, to say from where to where was jumped. */
  readonly #lost = new Map<AssignedPartition, number>()
  #running: Promise<void> | null = null
  #failure: KafkaError | null = null

  constructor(parts: ResetParts) {
    this.#parts = parts
  }

  /** The partition's position does not exist (any more). */
  request(partition: AssignedPartition): void {
    if (partition.position !== null) this.#lost.set(partition, partition.position)
    partition.seek(null)
  }

  /**
   * Looks up the position of every partition without one, unless that is going on already.
   * @throws KafkaError what the last look-up failed with; OFFSET_OUT_OF_RANGE under the policy `none`
   */
  start(partitions: Iterable<AssignedPartition>): void {
    const failure = this.#failure
    this.#failure = null
    if (failure !== null) throw failure
    if (this.#running !== null) return
    const without = [...partitions].filter((partition) => partition.position === null)
    if (without.length === 0) return
    const { policy } = this.#parts
    if (policy === 'none') {
      const names = without.map(partitionKey).join(', ')
      throw new KafkaError('OFFSET_OUT_OF_RANGE', `Undefined offset with no reset policy for partitions: [${names}]`)
    }
    this.#running = this.#run(without, policy)
  }

  /** Resolves when no look-up is under way. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** Never rejects: the failure is for the next `start`. */
  async #run(partitions: readonly AssignedPartition[], at: 'earliest' | 'latest'): Promise<void> {
    try {
      const offsets = await this.#parts.lookUp(partitions.map(({ topic, partition }) => ({ topic, partition, at })))
      for (const partition of partitions) {
        const offset = offsets.get(partitionKey(partition))
        // Sought in the meantime: the caller knows better.
        if (offset !== undefined && partition.position === null) this.#set(partition, offset)
      }
    } catch (error) {
      this.#failure = error instanceof KafkaError ? error : new KafkaError('UNKNOWN_SERVER_ERROR', String(error))
    }
    this.#running = null
    this.#parts.onDone()
  }

  /** I3: records between the lost position and the new one are not read. */
  #set(partition: AssignedPartition, offset: number): void {
    const lost = this.#lost.get(partition)
    this.#lost.delete(partition)
    partition.seek(offset)
    if (lost === undefined) return
    this.#parts.log.warn('An offset is out of range; going on where auto.offset.reset says', {
      partition: partitionKey(partition),
      offset: lost,
      resetTo: offset,
    })
  }
}
