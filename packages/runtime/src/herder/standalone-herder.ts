import { ConnectError, javaHashOrder, type Logger, type Props } from '@sluice/api'
import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorStateInfo,
  InitialState,
  PluginInfo,
  ServerInfo,
  TaskInfo,
  TaskState,
  WorkerStatus,
} from '@sluice/rest-api'
import { backoffMs, reconfigurationBackoff, relaunchBackoff } from '../core/retry-schedule.ts'
import { invalidConnectorConfig } from '../core/validation/validate-connector.ts'
import type { HostPool } from '../hosts/host-pool.ts'
import type { TaskRef, TaskReport } from '../hosts/host-protocol.ts'
import { connectorKinds, type PluginRegistry, type RegisteredPlugin } from '../plugins/plugin-registry.ts'
import type { ConfigUpdate, Herder, NewConnector } from './herder.ts'
import { Inbox } from './inbox.ts'
import { type ConnectorEnvironment, ManagedConnector } from './managed-connector.ts'
import type { TaskSupervisor } from './task-supervisor.ts'

export interface StandaloneHerderOptions {
  readonly registry: PluginRegistry
  readonly environment: ConnectorEnvironment
  readonly server: () => Promise<ServerInfo>
  /** Resolves when Kafka and the offsets are there; changes wait for it. Rejects when the worker ends before. */
  readonly opened: Promise<unknown>
}

const validationDeadlineMs = 90_000
const leaseIntervalMs = 1_000

/**
 * The herder of a worker that stands alone: connectors live in memory, changes wait their turn in an inbox, one lane
 * for each connector, and reads answer at once from what is known.
 */
export class StandaloneHerder implements Herder {
  readonly #options: StandaloneHerderOptions
  readonly #inbox = new Inbox()
  readonly #connectors = new Map<string, ManagedConnector>()
  readonly #leases: NodeJS.Timeout
  readonly #timers = new Set<NodeJS.Timeout>()
  #health: 'starting' | 'healthy' | 'stopping' = 'starting'

  constructor(options: StandaloneHerderOptions) {
    this.#options = options
    this.#leases = setInterval(() => {
      for (const connector of this.#connectors.values()) connector.renewLeases()
    }, leaseIntervalMs)
    this.#leases.unref()
  }

  /** The worker has taken in its own connectors. */
  ready(): void {
    if (this.#health === 'starting') this.#health = 'healthy'
  }

  /** Stops every connector and task within their budgets; requests are refused from now on. */
  async stop(): Promise<void> {
    this.#health = 'stopping'
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all([...this.#connectors.values()].map((connector) => connector.stop()))
    clearInterval(this.#leases)
  }

  serverInfo(): Promise<ServerInfo> {
    return this.#options.server()
  }

  async health(): Promise<WorkerStatus> {
    if (this.#health === 'starting') return { status: 'starting', message: 'Worker is still starting up.' }
    return { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' }
  }

  async connectors(): Promise<readonly string[]> {
    return [...this.#connectors.keys()]
  }

  async connectorInfo(name: string): Promise<ConnectorInfo> {
    return this.#find(name).info()
  }

  async connectorConfig(name: string): Promise<ConnectorConfig> {
    return this.#find(name).config
  }

  async createConnector({ name: given, config: rest, initialState }: NewConnector): Promise<ConnectorInfo> {
    const name = given.trim()
    const config = { ...rest, name }
    return await this.#change(name, async () => {
      const plugin = await this.#validate(name, config)
      if (this.#connectors.has(name)) {
        throw new ConnectError(`Connector ${name} already exists`, { code: 'CONNECT_CONNECTOR_EXISTS' })
      }
      return await this.#create({ name, config, plugin, initialState: initialState ?? 'RUNNING' })
    })
  }

  async putConnectorConfig(name: string, given: ConnectorConfig): Promise<ConfigUpdate> {
    const config = { ...given, name }
    return await this.#change(name, async () => {
      const plugin = await this.#validate(name, config)
      const existing = this.#connectors.get(name)
      if (!existing) {
        return { created: true, info: await this.#create({ name, config, plugin, initialState: 'RUNNING' }) }
      }
      await existing.update(config, plugin)
      return { created: false, info: existing.info() }
    })
  }

  async deleteConnector(name: string): Promise<void> {
    await this.#change(name, async () => {
      await this.#find(name).stop()
      this.#connectors.delete(name)
    })
  }

  async connectorStatus(name: string): Promise<ConnectorStateInfo> {
    const connector = this.#connectors.get(name)
    if (connector) return connector.status()
    throw new ConnectError(`No status found for connector ${name}`, { code: 'CONNECT_CONNECTOR_NOT_FOUND' })
  }

  async taskStatus(name: string, task: number): Promise<TaskState> {
    const status = this.#connectors.get(name)?.taskStatus(task)
    if (status) return status
    throw new ConnectError(`No status found for task ${name}-${task}`, { code: 'CONNECT_TASK_NOT_FOUND' })
  }

  async taskConfigs(name: string): Promise<readonly TaskInfo[]> {
    return this.#find(name).taskInfos()
  }

  async connectorPlugins(connectorsOnly: boolean): Promise<readonly PluginInfo[]> {
    const { registry } = this.#options
    const plugins = connectorsOnly ? registry.list(connectorKinds) : registry.list()
    return plugins.map(({ className, kind, version }) => ({ class: className, type: kind, version }))
  }

  // ---- what hosts say

  hearTask(ref: TaskRef, report: TaskReport): void {
    this.#task(ref)?.hear(ref, report)
  }

  hearPolls(refs: readonly TaskRef[]): void {
    for (const ref of refs) this.#task(ref)?.polled(ref)
  }

  hearConnectorFailure(name: string, trace: string): void {
    this.#connectors.get(name)?.fail(trace)
  }

  /** The connector's code wants other tasks: tried until it works, or until something else has changed the connector. */
  requestReconfiguration(name: string, attempt = 0): void {
    const connector = this.#connectors.get(name)
    if (!connector || this.#health === 'stopping') return
    const { config } = connector
    this.#inbox
      .run(name, async () => {
        if (this.#connectors.get(name) === connector && connector.config === config) await connector.reconfigure()
      })
      .catch((error: unknown) => {
        this.#log.warn('Dividing the work of a connector failed; it is tried again.', { connector: name, error })
        this.#after(backoffMs(reconfigurationBackoff, attempt + 1), () =>
          this.requestReconfiguration(name, attempt + 1),
        )
      })
  }

  /** Whether this incarnation may store offsets (I6). */
  owns(ref: TaskRef): boolean {
    return this.#task(ref)?.owns(ref) ?? false
  }

  get #log(): Logger {
    return this.#options.environment.log
  }

  #task(ref: TaskRef): TaskSupervisor | undefined {
    return this.#connectors.get(ref.connector)?.task(ref)
  }

  #find(name: string): ManagedConnector {
    const connector = this.#connectors.get(name)
    if (connector) return connector
    throw new ConnectError(`Connector ${name} not found`, { code: 'CONNECT_CONNECTOR_NOT_FOUND' })
  }

  async #change<T>(name: string, work: () => Promise<T>): Promise<T> {
    return await this.#inbox.run(name, async () => {
      await this.#options.opened
      if (this.#health !== 'stopping') return await work()
      throw new ConnectError('Worker is shutting down', { code: 'CONNECT_WORKER_STOPPING' })
    })
  }

  /** The plugin of a valid config; a ConfigError with everything that is wrong otherwise. */
  async #validate(name: string, config: Props): Promise<RegisteredPlugin> {
    const { registry, environment } = this.#options
    const className = config['connector.class']
    if (className === undefined || className === null) {
      // In the order of the Java map, a copy, that Connect prints.
      const keys = Object.keys(config)
      const shown = javaHashOrder(keys, keys.length).map((key) => `${key}=${config[key]}`)
      throw new ConnectError(`Connector config {${shown.join(', ')}} contains no connector type`, {
        code: 'CONNECT_REQUEST_INVALID',
      })
    }
    const plugin = registry.connector(className)
    const validation = await visit(environment.pool, { name, config })
    if (validation.infos.error_count > 0) throw invalidConnectorConfig(validation)
    for (const warning of validation.warnings) this.#log.warn(warning, { connector: name })
    return plugin
  }

  async #create(of: CreatedConnector): Promise<ConnectorInfo> {
    const connector: ManagedConnector = new ManagedConnector({
      ...of,
      environment: this.#options.environment,
      onRestartNeeded: () => this.#restart(connector),
    })
    this.#connectors.set(of.name, connector)
    await connector.start()
    return connector.info()
  }

  #restart(connector: ManagedConnector): void {
    this.#after(backoffMs(relaunchBackoff, connector.losses()), () => {
      void this.#inbox.run(connector.name, async () => {
        if (this.#connectors.get(connector.name) !== connector) return
        // Its failure is in its status.
        await connector.start().catch(() => undefined)
      })
    })
  }

  #after(delayMs: number, work: () => void): void {
    if (this.#health === 'stopping') return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, delayMs)
    this.#timers.add(timer)
  }
}

interface CreatedConnector {
  readonly name: string
  readonly config: Props
  readonly plugin: RegisteredPlugin
  readonly initialState: InitialState
}

function visit(pool: HostPool, start: { readonly name: string; readonly config: Props }) {
  return pool.visit().call('validate-connector', start, validationDeadlineMs)
}
