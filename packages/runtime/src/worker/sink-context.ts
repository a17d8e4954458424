import { ConnectError, type SinkTaskContext, type TopicPartition, type TopicPartitionOffset } from '@sluice/api'
import { partitionKey } from '@sluice/kafka'

/** What a sink task asked for between two turns of its loop, and what it holds. */
export interface SinkWishes {
  readonly partitions: Map<string, TopicPartition>
  /** Paused by the task, for as long as they are assigned and beyond. */
  readonly paused: Map<string, TopicPartition>
  /** Where the task wants to go on. */
  readonly offsets: Map<string, TopicPartitionOffset>
  timeoutMs: number | null
  isCommitRequested: boolean
  /** Pauses changed since the loop last looked. */
  arePausesChanged: boolean
}

export function noSinkWishes(): SinkWishes {
  return {
    partitions: new Map(),
    paused: new Map(),
    offsets: new Map(),
    timeoutMs: null,
    isCommitRequested: false,
    arePausesChanged: false,
  }
}

type FixedParts = Pick<SinkTaskContext, 'config' | 'signal' | 'log'>

/** The context of a sink task: it only writes down what the task wants. `onWish` is called each time. */
export function createSinkContext(fixed: FixedParts, wishes: SinkWishes, onWish: () => void): SinkTaskContext {
  function requireAssigned(partitions: readonly TopicPartition[], doing: string): void {
    const foreign = partitions.find((partition) => !wishes.partitions.has(partitionKey(partition)))
    if (!foreign) return
    throw new ConnectError(
      `SinkTasks may not ${doing} partitions that are not currently assigned to them: ${partitionKey(foreign)}.`,
    )
  }
  return {
    ...fixed,
    errantRecordReporter: null,
    assignment: () => [...wishes.partitions.values()],
    offset: (offsets) => {
      for (const offset of offsets) wishes.offsets.set(partitionKey(offset), offset)
      onWish()
    },
    timeout: (ms) => {
      wishes.timeoutMs = ms
    },
    pause: (partitions) => {
      requireAssigned(partitions, 'pause')
      for (const partition of partitions) wishes.paused.set(partitionKey(partition), partition)
      wishes.arePausesChanged = true
      onWish()
    },
    resume: (partitions) => {
      requireAssigned(partitions, 'resume')
      for (const partition of partitions) wishes.paused.delete(partitionKey(partition))
      wishes.arePausesChanged = true
      onWish()
    },
    requestCommit: () => {
      wishes.isCommitRequested = true
      onWish()
    },
  }
}
