import type { Logger } from '@sluice/api'
import type { TaskRef, TaskReport } from '../hosts/host-protocol.ts'
import type { LeaseHolder } from './lease-holder.ts'
import type { PluginCalls } from './plugin-calls.ts'

/** What a task runner may use of its host, whichever kind of task it runs. */
export interface TaskHost {
  readonly ref: TaskRef
  /** `connector-0`. */
  readonly label: string
  readonly lease: LeaseHolder
  readonly calls: PluginCalls
  readonly log: Logger
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
  /** Tells the control plane. */
  report(report: TaskReport): void
}

/** A task that runs. Every method may be called at any time; none throws. */
export interface TaskRunner {
  pause(): void
  resume(): void
  /** Resolves when the task has made its last commit and released everything, whether it ended well or not. */
  stop(): Promise<void>
  /** Its time to stop is up: lets go of Kafka at once and says nothing any more. */
  abandon(): void
  /** Resolves when it has ended. Never rejects: a failure was reported. */
  readonly ended: Promise<void>
}
