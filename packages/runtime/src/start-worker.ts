import { ConnectError, type Logger, type Props } from '@sluice/api'
import { type ClientOptions, createKafkaClient } from '@sluice/kafka'
import type { InitialState, ServerInfo } from '@sluice/rest-api'
import { availableParallelism } from 'node:os'
import type { Herder } from './herder/herder.ts'
import { StandaloneHerder } from './herder/standalone-herder.ts'
import { HostPool } from './hosts/host-pool.ts'
import { startHostProcess } from './hosts/host-process.ts'
import type { PluginPackage } from './plugins/manifest.ts'
import { scanPluginPath } from './plugins/plugin-path.ts'
import { PluginRegistry } from './plugins/plugin-registry.ts'
import { readManifests } from './plugins/read-manifests.ts'
import { parseListener } from './rest/listeners.ts'
import { type RestServer, startRestServer } from './rest/server.ts'
import { openOffsetFile } from './storage/offset-file.ts'
import type { OffsetStore } from './storage/offset-store.ts'
import { pluginPathOf, readWorkerConfig, type WorkerConfig } from './worker-config.ts'
import type { WorkerSettings } from './worker-config-spec.ts'

/** A connector that the worker creates before it is ready, as from a file on the command line. */
export interface StartConnector {
  readonly name: string
  readonly config: Props
  readonly initialState?: InitialState | null
}

export interface StartWorkerOptions {
  /** The worker's properties, by Connect's keys. */
  readonly props: Props
  readonly mode: 'standalone'
  /** Packages that are there without `plugin.path`. */
  readonly pluginPackages: readonly PluginPackage[]
  readonly connectors?: readonly StartConnector[]
  readonly log: Logger
  readonly version: string
  readonly commit?: string
}

export interface RunningWorker {
  readonly herder: Herder
  /** Where REST listens, with the ports that were really bound. */
  readonly restUrls: readonly string[]
  /** `host:port`, as statuses name it. */
  readonly workerId: string
  /** Stops connectors and tasks within their budget, then everything else. May be called more than once. */
  stop(): Promise<void>
  /** Resolves when the worker has stopped. */
  readonly stopped: Promise<void>
}

const reportIntervalMs = 1_000
const mebibyte = 1_048_576

/**
 * Starts a worker and resolves when it is ready: REST answers, Kafka was reached, its own connectors run. Rejects, with
 * everything stopped again, when anything of that cannot be had.
 */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { log } = options
  const { registry, packages } = await openPlugins(options)
  const config = readWorkerConfig(options.props, registry)
  for (const warning of config.warnings) log.warn(warning)
  const worker = new Worker(options, config, { registry, packages })
  try {
    await worker.start()
  } catch (error) {
    await worker.stop()
    throw error
  }
  return worker
}

interface Plugins {
  readonly registry: PluginRegistry
  readonly packages: readonly PluginPackage[]
}

async function openPlugins({ props, pluginPackages, log }: StartWorkerOptions): Promise<Plugins> {
  const conditions = process.execArgv.flatMap((arg) =>
    /^(?:--conditions|-C)=/.test(arg) ? [arg.split('=')[1] ?? ''] : [],
  )
  const scan = await scanPluginPath(pluginPathOf(props), conditions)
  for (const finding of scan.findings) log.warn(finding)
  const packages = [...pluginPackages, ...scan.packages]
  const registry = new PluginRegistry(await readManifests(packages))
  for (const { className, package: origin } of registry.duplicates) {
    log.warn('A plugin is there twice; the first one found counts.', { plugin: className, ignored: origin.name })
  }
  return { registry, packages }
}

/** The parts of a worker and how they are wired. */
class Worker implements RunningWorker {
  readonly herder: StandaloneHerder
  readonly stopped: Promise<void>
  restUrls: readonly string[] = []
  workerId = ''
  readonly #options: StartWorkerOptions
  readonly #config: WorkerConfig
  readonly #pool: HostPool
  readonly #clusterId: Promise<string>
  readonly #markStopped: () => void
  /** Before it is there, requests wait: REST answers while the rest of the worker still comes up. */
  readonly #offsets = Promise.withResolvers<OffsetStore>()
  #rest: RestServer | null = null
  #stopping: Promise<void> | null = null

  constructor(options: StartWorkerOptions, config: WorkerConfig, plugins: Plugins) {
    this.#options = options
    this.#config = config
    const stopped = Promise.withResolvers<void>()
    this.stopped = stopped.promise
    this.#markStopped = stopped.resolve
    this.#pool = this.#createPool(plugins.packages)
    this.#clusterId = lookUpClusterId(config.admin.client, options.log)
    // Whoever awaits them is told; nobody has to.
    this.#clusterId.catch(() => undefined)
    this.#offsets.promise.catch(() => undefined)
    this.herder = new StandaloneHerder({
      registry: plugins.registry,
      server: () => this.#serverInfo(),
      opened: this.#offsets.promise,
      environment: {
        pool: this.#pool,
        workerProps: options.props,
        log: options.log,
        epochs: new Map(),
        stopBudgetMs: config.settings.stopBudgetMs,
        workerId: () => this.workerId,
      },
    })
  }

  async start(): Promise<void> {
    const { connectors = [], log } = this.#options
    const { settings } = this.#config
    // A host takes longest to come up: with connectors to run, it begins first.
    if (connectors.length > 0) this.#pool.warmUp()
    const opening = Promise.all([this.#openRest(), openOffsetFile(settings.offsetFile), this.#clusterId])
    const [, offsets] = await opening
    this.#offsets.resolve(offsets)
    for (const { name, config, initialState } of connectors) {
      const info = await this.herder.createConnector({ name, config, initialState })
      log.info('A connector was created.', { connector: info.name })
    }
    this.herder.ready()
    log.info('The worker is ready.', { rest: this.restUrls.join(', '), worker: this.workerId })
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopNow().finally(this.#markStopped)
    return this.#stopping
  }

  async #stopNow(): Promise<void> {
    // Side by side: a request may wait for a host that only ends with the pool.
    this.#offsets.reject(new ConnectError('Worker is shutting down', { code: 'CONNECT_WORKER_STOPPING' }))
    const closingRest = this.#rest?.close()
    await this.herder.stop()
    await this.#pool.stop()
    await closingRest
    const offsets = await this.#offsets.promise.catch(() => null)
    await offsets?.close()
  }

  async #openRest(): Promise<void> {
    const { settings } = this.#config
    const listeners = settings.listeners.map(parseListener)
    this.#rest = await startRestServer({ herder: this.herder, listeners, log: this.#options.log })
    this.restUrls = this.#rest.urls
    this.workerId = advertisedAddress(settings, this.restUrls)
    // A worker that gave up meanwhile must not leave the port open.
    if (this.#stopping !== null) await this.#rest.close()
  }

  async #serverInfo(): Promise<ServerInfo> {
    const { version, commit = 'unknown' } = this.#options
    return { version, commit, kafka_cluster_id: await this.#clusterId }
  }

  #createPool(pluginPackages: readonly PluginPackage[]): HostPool {
    const { props, version, log } = this.#options
    const { settings } = this.#config
    return new HostPool({
      size: settings.hosts ?? availableParallelism(),
      limits: { memoryBytes: settings.hostMemoryBytes, unresponsiveMs: settings.hostUnresponsiveMs },
      settings: {
        workerProps: props,
        pluginPackages,
        version,
        reportIntervalMs,
        orphanBudgetMs: settings.stopBudgetMs,
      },
      log,
      calls: {
        'read-offsets': async ({ connector, partitions }) =>
          await (await this.#offsets.promise).read(connector, partitions),
        'write-offsets': async ({ task, offsets }) => {
          // I6: what an incarnation says that is over changes nothing.
          if (!this.herder.owns(task)) throw new ConnectError('Storing source offsets: the task has been replaced.')
          await (await this.#offsets.promise).write(task.connector, offsets)
          return null
        },
      },
      notices: {
        'task-state': ({ task, report }) => this.herder.hearTask(task, report),
        'connector-failed': ({ name, trace }) => this.herder.hearConnectorFailure(name, trace),
        'reconfiguration-requested': ({ name }) => this.herder.requestReconfiguration(name),
      },
      onPolled: (polled) => this.herder.hearPolls(polled),
      // Far above the limit at which the pool ends it: V8 reaching its own limit ends it without a word.
      start: () => startHostProcess({ heapLimitMb: Math.ceil((settings.hostMemoryBytes * 2) / mebibyte) }),
    })
  }
}

async function lookUpClusterId(client: ClientOptions, log: Logger): Promise<string> {
  const kafka = createKafkaClient({ ...client, log })
  const admin = kafka.admin()
  try {
    const { clusterId } = await admin.describeCluster()
    return clusterId ?? ''
  } catch (cause) {
    throw new ConnectError(
      "Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties.",
      { cause, code: 'KAFKA_UNREACHABLE' },
    )
  } finally {
    await kafka.close()
  }
}

/** `host:port` under which others know the worker (connect-surface §1.1). */
function advertisedAddress(settings: WorkerSettings, urls: readonly string[]): string {
  const url = new URL(urls.find((candidate) => candidate.startsWith('http:')) ?? urls[0] ?? 'http://localhost:8083')
  return `${settings.advertisedHost ?? url.hostname}:${settings.advertisedPort ?? url.port}`
}
