import type { Logger } from '@sluice/api'
import { traceOf } from '../core/trace.ts'
import { LeaseHolder } from '../worker/lease-holder.ts'
import type { PluginCalls } from '../worker/plugin-calls.ts'
import type { SinkTaskRunner } from '../worker/sink-task-runner.ts'
import type { TaskHost, TaskRunner } from '../worker/task-host.ts'
import { taskName, type TaskRef, type TaskReport, type TaskStart } from './host-protocol.ts'

export interface TaskSlotInput {
  readonly start: TaskStart
  readonly calls: PluginCalls
  readonly log: Logger
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
  readonly report: (report: TaskReport) => void
  /** Builds the pipeline and the clients and runs the task. A rejection fails it. */
  readonly run: (host: TaskHost) => Promise<TaskRunner | SinkTaskRunner>
}

/** How long a task whose code failed behind its back may take to end by itself. */
const strayBudgetMs = 5_000

/**
 * One incarnation of a task in its host, from the command that starts it to its end. Commands that come while it is
 * still being built wait for it.
 */
export class TaskSlot {
  readonly ref: TaskRef
  readonly label: string
  readonly lease: LeaseHolder = new LeaseHolder()
  readonly ended: Promise<void>
  readonly #runner: Promise<TaskRunner | SinkTaskRunner | null>
  readonly #input: TaskSlotInput
  #isAbandoned = false
  #stray: unknown = null

  constructor(input: TaskSlotInput) {
    const { start, calls, log, flushIntervalMs, flushTimeoutMs } = input
    this.#input = input
    this.ref = start.task
    this.label = taskName(start.task)
    this.lease.offer(start.lease)
    const report = (own: TaskReport): void => this.#report(own)
    this.#runner = input
      .run({ ref: this.ref, label: this.label, lease: this.lease, calls, log, flushIntervalMs, flushTimeoutMs, report })
      .catch((error: unknown) => {
        this.#report({ state: 'failed', trace: traceOf(error) })
        return null
      })
    this.ended = this.#runner.then((runner) => runner?.ended)
  }

  pause(): void {
    void this.#runner.then((runner) => runner?.pause())
  }

  resume(): void {
    void this.#runner.then((runner) => runner?.resume())
  }

  async stop(): Promise<void> {
    await (await this.#runner)?.stop()
  }

  abandon(): void {
    this.#isAbandoned = true
    this.lease.end()
    void this.#runner.then((runner) => runner?.abandon())
  }

  /** An error that the task's code threw outside any call: it fails the task and nothing else. */
  fail(error: unknown): void {
    if (this.#stray !== null) return
    this.#stray = error
    const giveUp = setTimeout(() => {
      this.#input.report({ state: 'failed', trace: traceOf(error) })
      this.abandon()
    }, strayBudgetMs)
    void this.stop().then(() => clearTimeout(giveUp))
  }

  /** The runner of a sink task; null for a source, and for one that could not be built. */
  async sink(): Promise<SinkTaskRunner | null> {
    const runner = await this.#runner
    return runner && 'assign' in runner ? runner : null
  }

  #report(report: TaskReport): void {
    if (this.#isAbandoned) return
    const isStray = this.#stray !== null && report.state === 'stopped'
    this.#input.report(isStray ? { state: 'failed', trace: traceOf(this.#stray) } : report)
  }
}
