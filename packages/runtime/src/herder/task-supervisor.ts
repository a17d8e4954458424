import { isConnectError, type Logger, type Props } from '@sluice/api'
import type { Lease } from '../core/tasks/lease.ts'
import {
  type HostLossVerdict,
  newTask,
  stepTask,
  type TaskAction,
  type TaskEvent,
  type TaskState,
  type TaskTarget,
} from '../core/tasks/task-lifecycle.ts'
import { traceOf } from '../core/trace.ts'
import type { HostPeer, HostPool, Occupant } from '../hosts/host-pool.ts'
import { taskName, type TaskRef, type TaskReport } from '../hosts/host-protocol.ts'
import { machineNowMs } from '../worker/machine-clock.ts'
import { withFields } from './with-fields.ts'
import { joinSinkGroup, type SinkMembership } from './sink-membership.ts'

export interface TaskSupervisorInput {
  readonly connector: string
  readonly task: number
  readonly type: 'source' | 'sink'
  readonly connectorConfig: Props
  readonly taskConfig: Props
  readonly workerProps: Props
  readonly pool: HostPool
  readonly log: Logger
  /** The newest epoch of each task name: an incarnation that was abandoned long ago is never mistaken for a new one. */
  readonly epochs: Map<string, number>
  readonly stopBudgetMs: number
}

const startDeadlineMs = 60_000
/** How long a source task may go on without hearing from the control plane. Renewed ten times as often. */
const sourceLeaseMs = 10_000

/** Runs the lifecycle machine of one task: tells hosts what it says, and tells it what becomes of that. */
export class TaskSupervisor implements Occupant {
  readonly id: string
  readonly task: number
  readonly config: Props
  readonly #input: TaskSupervisorInput
  #state: TaskState
  #host: HostPeer | null = null
  #membership: SinkMembership | null = null
  /** Why the task fails once its host has let go of it. */
  #pendingFailure: string | null = null
  #timer: NodeJS.Timeout | null = null
  readonly #leaving = new Set<Promise<void>>()
  #idleListeners: (() => void)[] = []

  constructor(input: TaskSupervisorInput) {
    this.#input = input
    this.id = taskName(input)
    this.task = input.task
    this.config = input.taskConfig
    this.#state = { ...newTask, epoch: input.epochs.get(this.id) ?? 0 }
  }

  get state(): TaskState {
    return this.#state
  }

  get ref(): TaskRef {
    return { connector: this.#input.connector, task: this.#input.task, epoch: this.#state.epoch }
  }

  start(target: TaskTarget): void {
    this.#feed({ type: 'start', target })
  }

  /** Resolves when nothing of the task runs any more. */
  async stop(): Promise<void> {
    this.#feed({ type: 'stop' })
    if (this.#isLive()) await new Promise<void>((resolve) => this.#idleListeners.push(resolve))
    await Promise.all(this.#leaving)
  }

  /** Whether this incarnation may store offsets: it is the current one, and has not been abandoned. */
  owns(ref: TaskRef): boolean {
    return ref.epoch === this.#state.epoch && this.#isLive()
  }

  hear(ref: TaskRef, report: TaskReport): void {
    const { epoch } = ref
    if (report.state === 'running') {
      if (this.owns(ref) && this.#input.type === 'sink') this.#join()
      this.#feed({ type: 'running', epoch, nowMs: machineNowMs() })
    } else if (report.state === 'paused') this.#feed({ type: 'paused', epoch })
    else if (report.state === 'failed') this.#feed({ type: 'failed', epoch, trace: report.trace })
    else if (this.#pendingFailure !== null) this.#feed({ type: 'failed', epoch, trace: this.#pendingFailure })
    else this.#feed({ type: 'stopped', epoch })
  }

  polled(ref: TaskRef): void {
    if (this.owns(ref)) this.#membership?.markPolled()
  }

  losses(): number {
    return this.#state.losses
  }

  onHostLost(verdict: HostLossVerdict): void {
    this.#host = null
    this.#feed({ type: 'host-lost', epoch: this.#state.epoch, nowMs: machineNowMs(), verdict })
  }

  /** Tells the host how long the task may go on (I6). */
  renewLease(): void {
    if (!this.#isLive()) return
    this.#host?.tell('leases', [{ task: this.ref, lease: this.#lease() }])
  }

  #lease(): Lease {
    if (this.#input.type === 'source') return { epoch: this.#state.epoch, expiresAtMs: machineNowMs() + sourceLeaseMs }
    return this.#membership?.lease() ?? { epoch: 0, expiresAtMs: Number.NEGATIVE_INFINITY }
  }

  #isLive(): boolean {
    return this.#state.phase === 'live' || this.#state.phase === 'stopping'
  }

  #feed(event: TaskEvent): void {
    const [state, actions] = stepTask(this.#state, event)
    const wasLive = this.#isLive()
    this.#state = state
    this.#input.epochs.set(this.id, state.epoch)
    if (state.phase !== 'waiting' && this.#timer !== null) clearTimeout(this.#timer)
    const hasRelaunched = actions.some(({ type }) => type === 'launch')
    // The end of one incarnation comes before the launch of the next.
    for (const action of actions) if (action.type === 'abandon') this.#perform(action)
    if (wasLive && (!this.#isLive() || hasRelaunched)) this.#release()
    for (const action of actions) if (action.type !== 'abandon') this.#perform(action)
    if (!this.#isLive()) for (const listener of this.#idleListeners.splice(0)) listener()
  }

  #perform(action: TaskAction): void {
    const { log, connector, task } = this.#input
    switch (action.type) {
      case 'launch':
        this.#launch(action.isIsolated)
        break
      case 'stop':
        this.#stop(action.epoch)
        break
      case 'pause':
      case 'resume':
        this.#host?.tell(action.type === 'pause' ? 'pause-task' : 'resume-task', this.ref)
        break
      case 'abandon':
        log.warn('A task did not stop in time and is abandoned.', { connector, task })
        this.#host?.tell('abandon-task', { connector, task, epoch: action.epoch })
        break
      case 'relaunch-after':
        this.#timer = setTimeout(() => this.#feed({ type: 'relaunch-due', epoch: action.epoch }), action.delayMs)
        break
      case 'show':
        if (action.status === 'FAILED')
          log.error('A task has failed.', { connector, task, ...shownTrace(action.trace) })
        else log.info(`The task is ${action.status}.`, { connector, task })
        break
    }
  }

  #launch(isIsolated: boolean): void {
    const { type, connectorConfig, taskConfig, pool } = this.#input
    const { ref } = this
    try {
      this.#host = pool.place(this, { isIsolated })
    } catch (error) {
      this.#failSoon(ref, error)
      return
    }
    const { target } = this.#state
    this.#host
      .call(
        'start-task',
        { task: ref, type, target, connectorConfig, taskConfig, lease: this.#lease() },
        startDeadlineMs,
      )
      .catch((error: unknown) => {
        // With the host lost, the pool says what that means for the task.
        if (!isConnectError(error) || error.code !== 'CONNECT_HOST_LOST') this.#failSoon(ref, error)
      })
  }

  #failSoon({ epoch }: TaskRef, error: unknown): void {
    queueMicrotask(() => this.#feed({ type: 'failed', epoch, trace: traceOf(error) }))
  }

  #stop(epoch: number): void {
    const { stopBudgetMs } = this.#input
    if (this.#host === null) {
      queueMicrotask(() => this.#feed({ type: 'stopped', epoch }))
      return
    }
    this.#host.call('stop-task', this.ref, stopBudgetMs).then(
      () => this.#feed({ type: 'stopped', epoch }),
      () => this.#feed({ type: 'stop-timed-out', epoch }),
    )
  }

  #join(): void {
    if (this.#membership !== null || this.#host === null) return
    const { workerProps, connectorConfig, log, connector, task } = this.#input
    const { ref, host } = { ref: this.ref, host: this.#host }
    const refuse = (error: unknown): void => {
      this.#pendingFailure = traceOf(error)
      void host.call('stop-task', ref, this.#input.stopBudgetMs).catch(() => {
        this.#host?.tell('abandon-task', ref)
        this.#feed({ type: 'failed', epoch: ref.epoch, trace: traceOf(error) })
      })
    }
    const own = withFields(log, { connector, task })
    try {
      this.#membership = joinSinkGroup({ task: ref, host, workerProps, connectorConfig, log: own, onRefused: refuse })
    } catch (error) {
      refuse(error)
    }
  }

  /** The incarnation has ended: it gives up its host and its place in the group. */
  #release(): void {
    this.#pendingFailure = null
    this.#input.pool.leave(this)
    this.#host = null
    const membership = this.#membership
    this.#membership = null
    if (membership === null) return
    const leaving = membership.leave(this.#input.stopBudgetMs)
    this.#leaving.add(leaving)
    void leaving.then(() => this.#leaving.delete(leaving))
  }
}

/** A trace as a log shows it: why in the line itself, the rest as an error is shown. */
export function shownTrace(trace: string | null): { readonly reason: string; readonly error: Error } {
  const stack = trace ?? ''
  const reason = stack.split('\n', 1)[0] ?? ''
  const error = new Error(reason)
  error.stack = stack
  return { reason, error }
}
