import {
  type ConfigSpec,
  type Props,
  renderConfig,
  requireConfig,
  type SourceConnectorDefinition,
  type SourceOffset,
  type SourcePartition,
  sourceRecord,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
  valueKey,
} from '@sluice/api'
import { createRecordingLogger, type RecordingLogger } from './recording-logger.ts'

/** What a task finds when it starts. */
export interface SourceTaskSurroundings {
  /** Offsets that were committed before. */
  readonly offsets?: readonly { readonly partition: SourcePartition; readonly offset: SourceOffset }[]
  /** Which of the connector's tasks to run; the first when left out. */
  readonly task?: number
  /** `tasks.max`; 1 when left out. */
  readonly maxTasks?: number
}

/** A source task that runs in memory: no worker, no Kafka. */
export interface SourceTaskRun {
  readonly task: SourceTask
  /** The task's config as text. */
  readonly config: Props
  readonly log: RecordingLogger
  /** One poll, its records complete as the runtime sees them. */
  poll(): Promise<readonly SourceRecord[]>
  /** Polls until so many records have come; an error when they do not come in `timeoutMs` (10 s). */
  take(count: number, timeoutMs?: number): Promise<readonly SourceRecord[]>
  /** Acknowledges records as Kafka would, each at the next offset of partition 0, then tells of the commit. */
  commit(records: readonly SourceRecord[]): Promise<void>
  /** Aborts the task's signal, lets its poll return and stops it. */
  stop(): Promise<void>
}

/** Starts one task of a source connector as the runtime would, from the connector's config as text. */
export async function runSourceTask<S extends ConfigSpec, T extends ConfigSpec>(
  connector: SourceConnectorDefinition<S, T>,
  props: Props,
  surroundings: SourceTaskSurroundings = {},
): Promise<SourceTaskRun> {
  const log = createRecordingLogger()
  const stopping = new AbortController()
  const offsets = offsetsOf(surroundings)
  const shared = { signal: stopping.signal, log, offsets }
  const connectorContext = { ...shared, name: 'test', config: props, requestTaskReconfiguration: () => {} }
  const { task: index = 0, maxTasks = 1 } = surroundings
  const configs = await connector.taskConfigs(requireConfig(connector.config, props), maxTasks, connectorContext)
  const chosen = configs[index]
  if (chosen === undefined)
    throw new RangeError(`The connector has ${configs.length} tasks; there is no task ${index}.`)
  const config = renderConfig(connector.taskConfig, chosen)
  const context: SourceTaskContext = { ...shared, config }
  const task = await connector.startTask(requireConfig(connector.taskConfig, config), context)
  let acknowledged = 0
  let polling: Promise<unknown> = Promise.resolve()
  const poll = (): Promise<readonly SourceRecord[]> => {
    const polled = (async () => ((await task.poll()) ?? []).map(sourceRecord))()
    polling = polled.catch(() => {})
    return polled
  }
  return {
    task,
    config,
    log,
    poll,
    take: (count, timeoutMs = 10_000) => take(poll, count, timeoutMs),
    async commit(records) {
      for (const record of records) {
        const { topic, timestamp } = record
        task.commitRecord?.(record, { topic, partition: 0, offset: acknowledged++, timestamp })
      }
      await task.commit?.()
    },
    async stop() {
      stopping.abort()
      await polling
      await task.stop?.()
    },
  }
}

function offsetsOf({ offsets = [] }: SourceTaskSurroundings): SourceTaskContext['offsets'] {
  const known = new Map(offsets.map(({ partition, offset }) => [valueKey(partition), offset]))
  const get = (partition: SourcePartition): SourceOffset | null => known.get(valueKey(partition)) ?? null
  return {
    get: async (partition) => get(partition),
    getAll: async (partitions) => partitions.map(get),
  }
}

async function take(
  poll: () => Promise<readonly SourceRecord[]>,
  count: number,
  timeoutMs: number,
): Promise<readonly SourceRecord[]> {
  const deadline = performance.now() + timeoutMs
  const records: SourceRecord[] = []
  while (records.length < count) {
    if (performance.now() > deadline) throw new Error(`${records.length} of ${count} records came in ${timeoutMs} ms.`)
    records.push(...(await poll()))
  }
  return records
}
