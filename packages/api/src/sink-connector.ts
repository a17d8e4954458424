import type { Config, ConfigSpec, Props } from './config/config-spec.ts'
import type { ConfigIssue } from './errors/connect-error.ts'
import type { Logger } from './logger.ts'
import { definePlugin, type PluginDefinitionBase, type PluginFacts } from './plugin.ts'
import type { SinkRecord } from './record/sink-record.ts'
import type { TopicPartition, TopicPartitionOffset } from './record/topic-partition.ts'
import type { ConnectorContext } from './source-connector.ts'
import type { AbortSignal } from './web-platform.ts'

/**
 * A running sink task. It exists, so it has started; the runtime makes one call at a time.
 * What `put` returned for may be committed as soon as `flush` (or `preCommit`) has returned, too.
 */
export interface SinkTask {
  /**
   * Takes the next records, in order of offset per partition. A `RetriableError` means: the same call again later,
   * with the same records, so a task must stand repeats.
   */
  put(records: readonly SinkRecord[]): void | Promise<void>
  /** Makes everything that was put durable, up to these offsets. Called before a commit. */
  flush?(offsets: readonly TopicPartitionOffset[]): void | Promise<void>
  /** In place of `flush`: returns the offsets that are safe to commit (I1). */
  preCommit?(
    offsets: readonly TopicPartitionOffset[],
  ): readonly TopicPartitionOffset[] | Promise<readonly TopicPartitionOffset[]>
  /** Partitions that were assigned, before their first record. */
  open?(partitions: readonly TopicPartition[]): void | Promise<void>
  /** Partitions that go, after their last commit. */
  close?(partitions: readonly TopicPartition[]): void | Promise<void>
  /** Called once, at the end: release everything. */
  stop?(): void | Promise<void>
}

/** Takes a record that the target refused, so that the rest of its batch can go on. */
export interface ErrantRecordReporter {
  /**
   * Resolves once the record is dealt with (dead letter written, or skipped and counted).
   * Rejects when errors are not tolerated: the task then fails, unless it handles the rejection.
   */
  report(record: SinkRecord, error: Error): Promise<void>
}

/** What a sink task may use. */
export interface SinkTaskContext {
  /** The task's config as text, as given to it. */
  readonly config: Props
  /** Aborted when the task must end: a `put` that waits should throw or return. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** The partitions that the task has now. */
  assignment(): readonly TopicPartition[]
  /** Goes on from these offsets, instead of where the consumer stands, after the current call. */
  offset(offsets: readonly TopicPartitionOffset[]): void
  /** How long to wait before the next call after a `RetriableError`, or with nothing to put. */
  timeout(ms: number): void
  /** Stops reading partitions until they are resumed. */
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Asks for a commit now rather than at the next interval. */
  requestCommit(): void
  /** Null when the connector's config has no place for errant records: then throw the error. */
  readonly errantRecordReporter: ErrantRecordReporter | null
}

/** A consumer offset to set; null forgets it. */
export interface SinkOffsetChange extends TopicPartition {
  readonly offset: number | null
}

interface SinkBehaviour<S extends ConfigSpec, T extends ConfigSpec> {
  /** Java class of the task, as `GET …/tasks` shows it; the connector's class name when left out. */
  readonly taskClass?: string
  /** Looks at several keys together, or at the world; what one key can tell belongs into its check. */
  validate?(config: Config<S>): readonly ConfigIssue[] | Promise<readonly ConfigIssue[]>
  /** Opens what the task needs and returns it running. */
  startTask(config: Config<T>, context: SinkTaskContext): SinkTask | Promise<SinkTask>
  /** Watches the target for changes that need other task configs, until the signal is aborted. */
  watch?(config: Config<S>, context: ConnectorContext): void | Promise<void>
  /** Checks consumer offsets that a user wants to set (null: forget). True when it made sure that they are usable. */
  alterOffsets?(config: Props, offsets: readonly SinkOffsetChange[]): boolean | Promise<boolean>
}

interface TaskDivision<S extends ConfigSpec, T extends ConfigSpec> {
  /** Divides the work: at most `maxTasks` configs. */
  taskConfigs(
    config: Config<S>,
    maxTasks: number,
    context: ConnectorContext,
  ): readonly Config<T>[] | Promise<readonly Config<T>[]>
}

/**
 * What an author declares. Without `taskConfigs`, every one of `tasks.max` tasks gets the connector's config.
 * `taskConfig` is the spec of task configs; the connector's own when left out.
 */
export interface SinkConnectorOptions<S extends ConfigSpec, T extends ConfigSpec>
  extends PluginFacts<S>, SinkBehaviour<S, NoInfer<T>>, Partial<TaskDivision<S, NoInfer<T>>> {
  readonly taskConfig?: T
}

/** A sink connector as the runtime sees it. */
export interface SinkConnectorDefinition<S extends ConfigSpec = ConfigSpec, T extends ConfigSpec = ConfigSpec>
  extends PluginDefinitionBase<S>, SinkBehaviour<S, T>, TaskDivision<S, T> {
  readonly kind: 'sink'
  readonly taskClass: string
  readonly taskConfig: T
}

/** Declares a sink connector. */
export function defineSinkConnector<S extends ConfigSpec, T extends ConfigSpec = S>(
  options: SinkConnectorOptions<S, T>,
): SinkConnectorDefinition<S, T> {
  return definePlugin('sink', {
    ...options,
    taskClass: options.taskClass ?? options.className ?? options.name,
    // Without a spec of its own T is S, by its default; the same config serves every task then.
    taskConfig: options.taskConfig ?? (options.config as ConfigSpec as T),
    taskConfigs: options.taskConfigs ?? ((config: Config<S>, maxTasks: number) => sameForAll<T>(config, maxTasks)),
  })
}

function sameForAll<T extends ConfigSpec>(config: unknown, maxTasks: number): readonly Config<T>[] {
  return Array.from({ length: maxTasks }, () => config as Config<T>)
}
