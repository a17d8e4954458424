import { ConnectError, type Logger, type Props } from '@sluice/api'
import type {
  ConnectorInfo,
  ConnectorStateInfo,
  InitialState,
  InstanceState,
  TaskInfo,
  TaskState,
} from '@sluice/rest-api'
import { checkTaskCount, recordedTaskConfigs, sameConfig, sameConfigs } from '../core/task-configs.ts'
import type { HostLossVerdict } from '../core/tasks/task-lifecycle.ts'
import { traceOf } from '../core/trace.ts'
import type { HostPool, Occupant } from '../hosts/host-pool.ts'
import { connectorOwner, type TaskDivision, type TaskRef } from '../hosts/host-protocol.ts'
import type { RegisteredPlugin } from '../plugins/plugin-registry.ts'
import { shownTrace, TaskSupervisor } from './task-supervisor.ts'
import { withFields } from './with-fields.ts'

/** What all connectors of a worker share. */
export interface ConnectorEnvironment {
  readonly pool: HostPool
  readonly workerProps: Props
  readonly log: Logger
  readonly epochs: Map<string, number>
  readonly stopBudgetMs: number
  /** `host:port`, once REST listens. */
  readonly workerId: () => string
}

export interface ManagedConnectorInput {
  readonly name: string
  readonly config: Props
  readonly plugin: RegisteredPlugin
  readonly initialState: InitialState
  readonly environment: ConnectorEnvironment
  /** Its host is gone: it has to be started again, in its turn. */
  readonly onRestartNeeded: () => void
}

/** How long a connector's code may take over `taskConfigs`, as long as a REST request waits. */
const divisionDeadlineMs = 90_000
const stopDeadlineMs = 5_000

/** A connector with its tasks. Its methods are called one at a time, in the order of its inbox. */
export class ManagedConnector implements Occupant {
  readonly name: string
  /** On its host. */
  readonly id: string
  readonly #input: ManagedConnectorInput
  #config: Props
  #plugin: RegisteredPlugin
  #state: InstanceState['state'] = 'UNASSIGNED'
  #trace: string | null = null
  #tasks: readonly TaskSupervisor[] = []
  /** The connector config from which the tasks that run were made. */
  #appliedConfig: Props | null = null
  #losses = 0

  constructor(input: ManagedConnectorInput) {
    this.name = input.name
    this.id = connectorOwner(input.name)
    this.#input = input
    this.#config = input.config
    this.#plugin = input.plugin
  }

  /** Starts the connector and its tasks, unless it is to begin paused or stopped. Rejects when its code refuses. */
  async start(): Promise<void> {
    const { initialState, environment } = this.#input
    if (initialState !== 'RUNNING') {
      this.#show(initialState)
      return
    }
    const { pool } = environment
    try {
      const host = pool.place(this, { isIsolated: false })
      const division = await host.call('start-connector', { name: this.name, config: this.#config }, divisionDeadlineMs)
      if (!division.isWatching) pool.leave(this)
      await this.#apply(division)
      this.#show('RUNNING')
    } catch (error) {
      pool.leave(this)
      this.fail(traceOf(error))
      throw new ConnectError(`Failed to start connector: ${this.name}`, { cause: error })
    }
  }

  /** Takes a new config: the connector starts again, its tasks only where the config makes a difference. */
  async update(config: Props, plugin: RegisteredPlugin): Promise<void> {
    await this.#stopInstance()
    if (plugin.kind !== this.#plugin.kind) await this.#stopTasks()
    this.#config = config
    this.#plugin = plugin
    await this.start()
  }

  /** Asks the connector's code again how its work is to be divided. */
  async reconfigure(): Promise<void> {
    if (this.#state !== 'RUNNING') return
    const { pool } = this.#input.environment
    const host = pool.hostOf(this.id) ?? pool.visit()
    await this.#apply(await host.call('divide-tasks', { name: this.name, config: this.#config }, divisionDeadlineMs))
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    await Promise.all([this.#stopInstance(), this.#stopTasks()])
    this.#show('UNASSIGNED')
  }

  /** The connector itself failed; its tasks go on. */
  fail(trace: string): void {
    this.#show('FAILED', trace)
    this.#log().error('A connector has failed.', shownTrace(trace))
  }

  losses(): number {
    return this.#losses
  }

  onHostLost(verdict: HostLossVerdict): void {
    this.#losses += 1
    if (verdict.type === 'fail') this.fail(verdict.trace)
    else this.#input.onRestartNeeded()
  }

  task(ref: TaskRef): TaskSupervisor | undefined {
    return this.#tasks[ref.task]
  }

  renewLeases(): void {
    for (const task of this.#tasks) task.renewLease()
  }

  get config(): Props {
    return this.#config
  }

  info(): ConnectorInfo {
    const tasks = this.#tasks.map(({ task }) => ({ connector: this.name, task }))
    return { name: this.name, config: this.#config, tasks, type: this.#type() }
  }

  status(): ConnectorStateInfo {
    const connector = this.#instanceState(this.#state, this.#trace)
    return { name: this.name, connector, tasks: this.#tasks.map((task) => this.#taskState(task)), type: this.#type() }
  }

  taskStatus(id: number): TaskState | null {
    const task = this.#tasks[id]
    return task ? this.#taskState(task) : null
  }

  taskInfos(): readonly TaskInfo[] {
    return this.#tasks.map(({ task, config }) => ({ id: { connector: this.name, task }, config }))
  }

  #type(): 'source' | 'sink' {
    return this.#plugin.kind === 'source' ? 'source' : 'sink'
  }

  #taskState(task: TaskSupervisor): TaskState {
    return { id: task.task, ...this.#instanceState(task.state.status, task.state.trace) }
  }

  #instanceState(state: InstanceState['state'], trace: string | null): InstanceState {
    const { version } = this.#plugin
    const shown = { state, worker_id: this.#input.environment.workerId(), version }
    return trace === null ? shown : { ...shown, trace }
  }

  #show(state: InstanceState['state'], trace: string | null = null): void {
    this.#state = state
    this.#trace = trace
  }

  #log(): Logger {
    return withFields(this.#input.environment.log, { connector: this.name })
  }

  /** Starts, restarts or ends tasks where the division, or the config that it was made from, is another than before. */
  async #apply(division: TaskDivision): Promise<void> {
    const warning = checkTaskCount(this.name, this.#config, division.taskConfigs.length)
    if (warning !== null) this.#log().warn(warning)
    const configs = recordedTaskConfigs({
      connectorConfig: this.#config,
      taskClass: this.#plugin.taskClass ?? this.#plugin.className,
      divided: division.taskConfigs,
    })
    const before = this.#tasks.map(({ config }) => config)
    const isSame = this.#appliedConfig !== null && sameConfig(this.#appliedConfig, this.#config)
    if (isSame && sameConfigs(before, configs)) return
    await this.#stopTasks()
    this.#tasks = configs.map((config, task) => this.#createTask(task, config))
    this.#appliedConfig = this.#config
    for (const task of this.#tasks) task.start('STARTED')
  }

  #createTask(task: number, taskConfig: Props): TaskSupervisor {
    const { pool, workerProps, log, epochs, stopBudgetMs } = this.#input.environment
    return new TaskSupervisor({
      connector: this.name,
      task,
      type: this.#type(),
      connectorConfig: this.#config,
      taskConfig,
      workerProps,
      pool,
      log,
      epochs,
      stopBudgetMs,
    })
  }

  async #stopTasks(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.stop()))
    this.#tasks = []
  }

  async #stopInstance(): Promise<void> {
    const { pool } = this.#input.environment
    const host = pool.hostOf(this.id)
    if (host === null) return
    await host
      .call('stop-connector', { name: this.name }, stopDeadlineMs)
      .catch((error: unknown) => this.#log().warn('A connector did not stop in time.', { error }))
    pool.leave(this)
  }
}
