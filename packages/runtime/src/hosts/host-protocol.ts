/**
 * What the control plane and a host say to each other. Commands, leases, states and measurements cross; records
 * never do. Everything is plain data that structured clone carries.
 *
 * A *call* is answered, or its deadline passes; a *notice* is not answered. A task is always named with its epoch:
 * whatever arrives for another incarnation of it is ignored on both sides.
 */
import type { GroupGeneration } from '@sluice/kafka'
import type { Lease } from '../core/tasks/lease.ts'
import type { ConnectorValidation } from '../core/validation/validate-connector.ts'
import type { PluginPackage } from '../plugins/manifest.ts'
import type { Logger, Props, TopicPartition } from '@sluice/api'

/** One incarnation of a task. */
export interface TaskRef {
  readonly connector: string
  readonly task: number
  readonly epoch: number
}

/** `connector-0`, as logs, statuses and client ids name a task. */
export function taskName(task: { readonly connector: string; readonly task: number }): string {
  return `${task.connector}-${task.task}`
}

/** A connector itself, where its tasks are named beside it: no task's name ends like this. */
export function connectorOwner(name: string): string {
  return `${name} (connector)`
}

/** What a host is told before anything else. */
export interface HostSettings {
  readonly workerProps: Props
  readonly pluginPackages: readonly PluginPackage[]
  readonly version: string
  /** How often it reports; the control plane counts missed reports. */
  readonly reportIntervalMs: number
  /** How long it goes on for its last commits when the control plane is gone. */
  readonly orphanBudgetMs: number
}

export interface ConnectorStart {
  readonly name: string
  readonly config: Props
}

/** What a connector's code made of its config. */
export interface TaskDivision {
  readonly type: 'source' | 'sink'
  readonly version: string
  readonly taskConfigs: readonly Props[]
  /** Whether the connector goes on watching, in this host, for changes that need other tasks. */
  readonly isWatching: boolean
}

export interface TaskStart {
  readonly task: TaskRef
  readonly type: 'source' | 'sink'
  readonly target: 'STARTED' | 'PAUSED'
  readonly connectorConfig: Props
  readonly taskConfig: Props
  readonly lease: Lease
}

/** All of a sink task's partitions in a new generation of its group. */
export interface PartitionsAssigned {
  readonly task: TaskRef
  readonly partitions: readonly TopicPartition[]
  readonly generation: GroupGeneration
  readonly lease: Lease
}

export interface PartitionsGone {
  readonly task: TaskRef
  readonly partitions: readonly TopicPartition[]
}

export interface MemoryUse {
  readonly heapUsedBytes: number
  readonly externalBytes: number
}

interface Call<Request, Answer> {
  readonly request: Request
  readonly answer: Answer
}

/** What the control plane asks of a host. */
export interface HostCalls {
  readonly configure: Call<HostSettings, null>
  readonly 'validate-connector': Call<ConnectorStart, ConnectorValidation>
  /** Imports the plugin, divides the work, and watches where the plugin does. */
  readonly 'start-connector': Call<ConnectorStart, TaskDivision>
  /** The same division again, for a connector that is started. */
  readonly 'divide-tasks': Call<ConnectorStart, TaskDivision>
  readonly 'stop-connector': Call<{ readonly name: string }, null>
  /** Taken in; what becomes of it follows as `task-state`. */
  readonly 'start-task': Call<TaskStart, null>
  /** Answered when the task has made its last commit and released everything. */
  readonly 'stop-task': Call<TaskRef, null>
  /** Answered when the task reads them: positions known, `open` called. */
  readonly 'assign-partitions': Call<PartitionsAssigned, null>
  /** Answered when their offsets are committed and the task has closed them. */
  readonly 'revoke-partitions': Call<PartitionsGone, null>
  /** As revoked, without a commit: another member may read them already. */
  readonly 'lose-partitions': Call<PartitionsGone, null>
  /** Collects garbage first, so that the answer is what is really held. */
  readonly 'measure-memory': Call<null, MemoryUse>
}

/** What the control plane tells a host. */
export interface HostNotices {
  readonly leases: readonly { readonly task: TaskRef; readonly lease: Lease }[]
  readonly 'pause-task': TaskRef
  readonly 'resume-task': TaskRef
  /** Its time to stop is up: no produce, put or commit any more, and nothing that it says is heard. */
  readonly 'abandon-task': TaskRef
}

/** Source offsets as the JSON texts that are stored, so that no number changes its kind on the way. */
export interface StoredOffset {
  readonly partition: string
  readonly offset: string | null
}

/** What a host asks of the control plane. */
export interface WorkerCalls {
  /** In the order asked; null where nothing is stored. */
  readonly 'read-offsets': Call<
    { readonly connector: string; readonly partitions: readonly string[] },
    readonly (string | null)[]
  >
  /** Answered when the offsets are safe. */
  readonly 'write-offsets': Call<{ readonly task: TaskRef; readonly offsets: readonly StoredOffset[] }, null>
}

export type TaskReport =
  | { readonly state: 'running' | 'paused' | 'stopped' }
  | { readonly state: 'failed'; readonly trace: string }

export interface HostReport extends MemoryUse {
  /** Plugin calls that have not come back: by task or connector name, the call. */
  readonly openCalls: readonly (readonly [owner: string, call: string])[]
  /** Sink tasks that polled since the last report (`max.poll.interval.ms`). */
  readonly polled: readonly TaskRef[]
}

/** What a host tells the control plane. */
export interface WorkerNotices {
  readonly 'task-state': { readonly task: TaskRef; readonly report: TaskReport }
  /** The connector's `watch` threw, or its code failed outside any call. */
  readonly 'connector-failed': { readonly name: string; readonly trace: string }
  readonly 'reconfiguration-requested': { readonly name: string }
  readonly report: HostReport
  readonly log: {
    readonly level: keyof Logger
    readonly message: string
    readonly fields: Readonly<Record<string, unknown>>
  }
}
