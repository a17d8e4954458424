import type { Config, ConfigSpec, Props } from './config/config-spec.ts'
import type { ConfigIssue } from './errors/connect-error.ts'
import type { Logger } from './logger.ts'
import { definePlugin, type PluginDefinitionBase, type PluginFacts } from './plugin.ts'
import type { SourceOffset, SourcePartition, SourceRecord, SourceRecordInput } from './record/source-record.ts'
import type { AbortSignal } from './web-platform.ts'

/** A source partition with its offset; a null offset forgets the partition. */
export interface SourcePartitionOffset {
  readonly partition: SourcePartition
  readonly offset: SourceOffset | null
}

/** The committed offsets of this connector. */
export interface SourceOffsets {
  /** The last committed offset of a source partition, null when there is none. */
  get(partition: SourcePartition): Promise<SourceOffset | null>
  /** The same for many at once, in the order asked for. */
  getAll(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | null)[]>
}

/** Where an acknowledged record lies in Kafka. */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number | null
}

/**
 * A running source task. It exists, so it has started; the runtime makes one call at a time,
 * save `commitRecord`, which may come between any two.
 */
export interface SourceTask {
  /** The next records, in order; null or none when there is nothing now (wait a little before answering so). */
  poll(): readonly SourceRecordInput[] | null | Promise<readonly SourceRecordInput[] | null>
  /** Called after offsets were committed. The offsets are safe already: this is for acknowledging to the source. */
  commit?(): void | Promise<void>
  /** Called for each record once Kafka acknowledged it, and with null for one that was dropped on purpose. */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void
  /** Called once, after the last poll has returned: release everything. */
  stop?(): void | Promise<void>
}

/** What a source task may use. */
export interface SourceTaskContext {
  /** The task's config as text, as given to it. */
  readonly config: Props
  /** Aborted when the task must end: a `poll` that waits should return. */
  readonly signal: AbortSignal
  readonly log: Logger
  readonly offsets: SourceOffsets
}

/** What a connector may use outside its tasks. */
export interface ConnectorContext {
  /** Name of the connector. */
  readonly name: string
  /** The connector's config as text. */
  readonly config: Props
  /** Aborted when the connector stops, is paused or reconfigured. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** Asks for `taskConfigs` to be called again; tasks restart if the answer differs. */
  requestTaskReconfiguration(): void
}

/** What a source connector may use outside its tasks. */
export interface SourceConnectorContext extends ConnectorContext {
  readonly offsets: SourceOffsets
}

/** Answer to a question about delivery. */
export type Support = 'supported' | 'unsupported'

interface SourceBehaviour<S extends ConfigSpec, T extends ConfigSpec> {
  /** Java class of the task, as `GET …/tasks` shows it; the connector's class name when left out. */
  readonly taskClass?: string
  /** Looks at several keys together, or at the world; what one key can tell belongs into its check. */
  validate?(config: Config<S>): readonly ConfigIssue[] | Promise<readonly ConfigIssue[]>
  /** Divides the work: at most `maxTasks` configs. None at all means that there is no work now. */
  taskConfigs(
    config: Config<S>,
    maxTasks: number,
    context: SourceConnectorContext,
  ): readonly Config<T>[] | Promise<readonly Config<T>[]>
  /** Opens what the task needs and returns it running. */
  startTask(config: Config<T>, context: SourceTaskContext): SourceTask | Promise<SourceTask>
  /** Watches the source for changes that need other task configs, until the signal is aborted. */
  watch?(config: Config<S>, context: SourceConnectorContext): void | Promise<void>
  /** Checks offsets that a user wants to set (null: forget). True when it made sure that they are usable. */
  alterOffsets?(config: Props, offsets: readonly SourcePartitionOffset[]): boolean | Promise<boolean>
  /** Whether each record is delivered once if the worker writes offsets in the producer's transactions. */
  exactlyOnceSupport?(config: Config<S>): Support | Promise<Support>
  /** Whether the connector can end transactions itself (`transaction.boundary=connector`). */
  canDefineTransactionBoundaries?(config: Config<S>): Support | Promise<Support>
}

/** What an author declares. `taskConfig` is the spec of task configs; the connector's own when left out. */
export interface SourceConnectorOptions<S extends ConfigSpec, T extends ConfigSpec>
  extends PluginFacts<S>, SourceBehaviour<S, NoInfer<T>> {
  readonly taskConfig?: T
}

/** A source connector as the runtime sees it. */
export interface SourceConnectorDefinition<S extends ConfigSpec = ConfigSpec, T extends ConfigSpec = ConfigSpec>
  extends PluginDefinitionBase<S>, SourceBehaviour<S, T> {
  readonly kind: 'source'
  readonly taskClass: string
  readonly taskConfig: T
}

/** Declares a source connector. */
export function defineSourceConnector<S extends ConfigSpec, T extends ConfigSpec = S>(
  options: SourceConnectorOptions<S, T>,
): SourceConnectorDefinition<S, T> {
  return definePlugin('source', {
    ...options,
    taskClass: options.taskClass ?? options.className ?? options.name,
    // Without a spec of its own T is S, by its default.
    taskConfig: options.taskConfig ?? (options.config as ConfigSpec as T),
  })
}
