import {
  type ConfigSpec,
  noHeaders,
  type Props,
  renderConfig,
  requireConfig,
  type SinkConnectorDefinition,
  sinkRecord,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sluice/api'
import { createRecordingLogger, type RecordingLogger } from './recording-logger.ts'

/** What a task finds when it starts. */
export interface SinkTaskSurroundings {
  /** Partitions that it has; partition 0 of `topic` when left out. */
  readonly assignment?: readonly TopicPartition[]
  /** Whether it is given a reporter for errant records; true when left out. */
  readonly reportsErrantRecords?: boolean
}

/** A record that the task reported, and why. */
export interface ReportedRecord {
  readonly record: SinkRecord
  readonly error: Error
}

/** A sink task that runs in memory: no worker, no Kafka. */
export interface SinkTaskRun {
  readonly task: SinkTask
  readonly config: Props
  readonly log: RecordingLogger
  readonly reported: readonly ReportedRecord[]
  /** Waits that the task asked for with `timeout`, in order. */
  readonly timeouts: readonly number[]
  /** Offsets from which the task asked to go on, in order. Records are put by the test alone. */
  readonly rewinds: readonly TopicPartitionOffset[]
  /** The partitions that are paused now. */
  paused(): readonly TopicPartition[]
  /** How often the task asked for a commit. */
  commitRequests(): number
  put(records: readonly SinkRecord[]): Promise<void>
  /** Flushes, or asks for offsets to commit, up to one past the last record put; returns what may be committed. */
  commit(): Promise<readonly TopicPartitionOffset[]>
  /** Aborts the task's signal, closes its partitions and stops it. */
  stop(): Promise<void>
}

const onlyPartition: TopicPartition = { topic: 'topic', partition: 0 }

/** Starts one task of a sink connector as the runtime would, from the connector's config as text. */
export async function runSinkTask<S extends ConfigSpec, T extends ConfigSpec>(
  connector: SinkConnectorDefinition<S, T>,
  props: Props,
  surroundings: SinkTaskSurroundings = {},
): Promise<SinkTaskRun> {
  const { assignment = [onlyPartition] } = surroundings
  const log = createRecordingLogger()
  const stopping = new AbortController()
  const reported: ReportedRecord[] = []
  const timeouts: number[] = []
  const rewinds: TopicPartitionOffset[] = []
  const paused = new Map<string, TopicPartition>()
  let commitRequests = 0
  const config = await firstTaskConfig(connector, props, log)
  const context: SinkTaskContext = {
    config,
    log,
    signal: stopping.signal,
    assignment: () => assignment,
    offset: (offsets) => void rewinds.push(...offsets),
    timeout: (ms) => void timeouts.push(ms),
    pause: (partitions) => partitions.forEach((one) => paused.set(keyOf(one), one)),
    resume: (partitions) => partitions.forEach((one) => paused.delete(keyOf(one))),
    requestCommit: () => {
      commitRequests++
    },
    errantRecordReporter:
      surroundings.reportsErrantRecords === false
        ? null
        : { report: async (record, error) => void reported.push({ record, error }) },
  }
  const task = await connector.startTask(requireConfig(connector.taskConfig, config), context)
  await task.open?.(assignment)
  const positions = new Map<string, TopicPartitionOffset>()
  return {
    task,
    config,
    log,
    reported,
    timeouts,
    rewinds,
    paused: () => [...paused.values()],
    commitRequests: () => commitRequests,
    async put(records) {
      await task.put(records)
      for (const { topic, partition, offset } of records) {
        positions.set(keyOf({ topic, partition }), { topic, partition, offset: offset + 1 })
      }
    },
    commit: () => commit(task, [...positions.values()]),
    async stop() {
      stopping.abort()
      await task.close?.(assignment)
      await task.stop?.()
    },
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

async function firstTaskConfig<S extends ConfigSpec, T extends ConfigSpec>(
  connector: SinkConnectorDefinition<S, T>,
  props: Props,
  log: RecordingLogger,
): Promise<Props> {
  const context = { name: 'test', config: props, signal: new AbortController().signal, log }
  const [first] = await connector.taskConfigs(requireConfig(connector.config, props), 1, {
    ...context,
    requestTaskReconfiguration: () => {},
  })
  if (first === undefined) throw new RangeError('The connector has no tasks.')
  return renderConfig(connector.taskConfig, first)
}

async function commit(
  task: SinkTask,
  offsets: readonly TopicPartitionOffset[],
): Promise<readonly TopicPartitionOffset[]> {
  if (task.preCommit !== undefined) return task.preCommit(offsets)
  await task.flush?.(offsets)
  return offsets
}

/** A sink record of which a test names only what matters to it. */
export function sinkRecordOf(given: Partial<SinkRecord>): SinkRecord {
  const { topic = onlyPartition.topic, partition = onlyPartition.partition, offset = 0 } = given
  return sinkRecord({
    keySchema: null,
    key: null,
    valueSchema: null,
    value: null,
    timestamp: null,
    headers: noHeaders,
    timestampType: (given.timestamp ?? null) === null ? 'NoTimestampType' : 'CreateTime',
    originalTopic: topic,
    originalPartition: partition,
    originalOffset: offset,
    ...given,
    topic,
    partition,
    offset,
  })
}
