import { ConnectError, type Logger } from '@sluice/api'
import { AsyncLocalStorage } from 'node:async_hooks'
import { memoryUsage } from 'node:process'
import { traceOf } from '../core/trace.ts'
import { type ConnectorHost, divideTasks, watchConnector } from '../worker/connector-runner.ts'
import { type HostPlugins, openHostPlugins } from '../worker/host-plugins.ts'
import { PluginCalls, type PluginMark } from '../worker/plugin-calls.ts'
import { createSourceOffsets, OffsetCodec, type OffsetTexts } from '../worker/source-offsets.ts'
import { startTask } from '../worker/start-task.ts'
import { validateInHost } from '../worker/validate-in-host.ts'
import type { Channel } from './channel.ts'
import { loggerTo } from './host-logger.ts'
import {
  connectorOwner,
  type ConnectorStart,
  type HostCalls,
  type HostNotices,
  type HostSettings,
  type MemoryUse,
  type TaskDivision,
  taskName,
  type TaskRef,
  type TaskStart,
  type WorkerCalls,
  type WorkerNotices,
} from './host-protocol.ts'
import { createPeer, type Peer } from './peer.ts'
import { TaskSlot } from './task-slot.ts'

/** How long the control plane may take to answer about offsets, before the task is told that it does not. */
const offsetsDeadlineMs = 60_000
const defaultFlushIntervalMs = 60_000
const defaultFlushTimeoutMs = 5_000

interface RunningConnector {
  readonly start: ConnectorStart
  readonly abort: AbortController
}

/**
 * What runs in a host, whichever kind it is: plugins are imported here, and connectors and tasks live here. Each runs
 * in an async context of its own, so that an error which its code throws outside any call is known to be its.
 */
export class Host {
  readonly #peer: Peer<WorkerCalls, WorkerNotices>
  readonly #calls: PluginCalls
  readonly #log: Logger
  readonly #owner = new AsyncLocalStorage<string>()
  readonly #tasks = new Map<string, TaskSlot>()
  readonly #connectors = new Map<string, RunningConnector>()
  readonly #polled = new Map<string, TaskRef>()
  #settings: HostSettings | null = null
  #plugins: HostPlugins | null = null
  #onClose: (() => void) | null = null

  constructor(channel: Channel, mark: PluginMark) {
    this.#calls = new PluginCalls(mark)
    this.#peer = createPeer<WorkerCalls, WorkerNotices, HostCalls, HostNotices>(channel, {
      calls: {
        configure: (settings) => this.#configure(settings),
        'validate-connector': (start) =>
          this.#owned(connectorOwner(start.name), () => validateInHost(start, this.#validationHost())),
        'start-connector': (start) => this.#startConnector(start),
        'divide-tasks': (start) => this.#divide(start, new AbortController().signal),
        'stop-connector': ({ name }) => this.#stopConnector(name),
        'start-task': (start) => this.#startTask(start),
        'stop-task': (task) => this.#stopTask(task),
        'assign-partitions': async ({ task, partitions, generation, lease }) => {
          this.#slot(task)?.lease.offer(lease)
          await (await this.#slot(task)?.sink())?.assign(partitions, generation)
          return null
        },
        'revoke-partitions': async ({ task, partitions }) => {
          await (await this.#slot(task)?.sink())?.revoke(partitions)
          return null
        },
        'lose-partitions': async ({ task, partitions }) => {
          await (await this.#slot(task)?.sink())?.lose(partitions)
          return null
        },
        'measure-memory': () => {
          // Only there where the host was started with --expose-gc; without it, garbage counts as held.
          globalThis.gc?.()
          return measureMemory()
        },
      },
      notices: {
        leases: (leases) => {
          for (const { task, lease } of leases) this.#slot(task)?.lease.offer(lease)
        },
        'pause-task': (task) => this.#slot(task)?.pause(),
        'resume-task': (task) => this.#slot(task)?.resume(),
        'abandon-task': (task) => this.#slot(task)?.abandon(),
      },
    })
    this.#log = loggerTo((line) => this.#peer.tell('log', line))
    channel.onClose(() => this.#onClose?.())
  }

  /** An error outside any call. True when it was somebody's, and has become that task's or connector's failure. */
  attributeStray(error: unknown): boolean {
    const owner = this.#owner.getStore()
    if (owner === undefined) return false
    const slot = this.#tasks.get(owner)
    if (slot) slot.fail(error)
    else {
      const running = [...this.#connectors.keys()].find((name) => connectorOwner(name) === owner)
      if (running === undefined) return false
      this.#failConnector(running, error)
    }
    return true
  }

  /** Says why the host ends, or what went wrong without an owner. */
  logStray(message: string, error: unknown): void {
    this.#log.error(message, { error })
  }

  /** The control plane is gone: last commits, within the budget and the leases that are left. */
  async stopAll(): Promise<void> {
    for (const { abort } of this.#connectors.values()) abort.abort()
    const stopping = Promise.all([...this.#tasks.values()].map((slot) => slot.stop()))
    const budgetMs = this.#settings?.orphanBudgetMs ?? 0
    await Promise.race([stopping, new Promise((resolve) => setTimeout(resolve, budgetMs))])
  }

  async #configure(settings: HostSettings): Promise<null> {
    this.#settings = settings
    this.#plugins = await openHostPlugins(settings.pluginPackages)
    const reporting = setInterval(() => this.#report(), settings.reportIntervalMs)
    this.#onClose = () => clearInterval(reporting)
    return null
  }

  #report(): void {
    const polled = [...this.#polled.values()]
    this.#polled.clear()
    this.#peer.tell('report', { ...measureMemory(), openCalls: this.#calls.open(), polled })
  }

  #configured(): { readonly settings: HostSettings; readonly plugins: HostPlugins } {
    if (this.#settings && this.#plugins) return { settings: this.#settings, plugins: this.#plugins }
    throw new ConnectError('Starting plugin code: the host has not been configured.', { code: 'INTERNAL' })
  }

  /** A task by this name and of this epoch; an older or newer one is somebody else. */
  #slot(task: TaskRef): TaskSlot | undefined {
    const slot = this.#tasks.get(taskName(task))
    return slot?.ref.epoch === task.epoch ? slot : undefined
  }

  #owned<T>(owner: string, work: () => T): T {
    return this.#owner.run(owner, work)
  }

  #validationHost(): Parameters<typeof validateInHost>[1] {
    const { settings, plugins } = this.#configured()
    return { plugins, calls: this.#calls, workerProps: settings.workerProps }
  }

  #connectorHost(name: string, signal: AbortSignal): ConnectorHost {
    return {
      plugins: this.#configured().plugins,
      calls: this.#calls,
      log: loggerTo((line) => this.#peer.tell('log', line), { connector: name }),
      offsets: createSourceOffsets(new OffsetCodec(), { read: (partitions) => this.#readOffsets(name, partitions) }),
      signal,
      requestReconfiguration: () => this.#peer.tell('reconfiguration-requested', { name }),
    }
  }

  #divide(start: ConnectorStart, signal: AbortSignal): Promise<TaskDivision> {
    return this.#owned(connectorOwner(start.name), () => divideTasks(start, this.#connectorHost(start.name, signal)))
  }

  async #startConnector(start: ConnectorStart): Promise<TaskDivision> {
    await this.#stopConnector(start.name)
    const abort = new AbortController()
    const division = await this.#divide(start, abort.signal)
    if (!division.isWatching) return division
    const running: RunningConnector = { start, abort }
    this.#connectors.set(start.name, running)
    this.#owned(connectorOwner(start.name), () => {
      watchConnector(start, this.#connectorHost(start.name, abort.signal)).catch((error: unknown) => {
        if (!abort.signal.aborted && this.#connectors.get(start.name) === running)
          this.#failConnector(start.name, error)
      })
    })
    return division
  }

  async #stopConnector(name: string): Promise<null> {
    this.#connectors.get(name)?.abort.abort()
    this.#connectors.delete(name)
    return null
  }

  #failConnector(name: string, error: unknown): void {
    this.#connectors.get(name)?.abort.abort()
    this.#connectors.delete(name)
    this.#peer.tell('connector-failed', { name, trace: traceOf(error) })
  }

  async #startTask(start: TaskStart): Promise<null> {
    const { settings, plugins } = this.#configured()
    const { workerProps } = settings
    const { task } = start
    const label = taskName(task)
    const slot = this.#owned(
      label,
      () =>
        new TaskSlot({
          start,
          calls: this.#calls,
          log: loggerTo((line) => this.#peer.tell('log', line), { connector: task.connector, task: task.task }),
          flushIntervalMs: millis(workerProps['offset.flush.interval.ms'], defaultFlushIntervalMs),
          flushTimeoutMs: millis(workerProps['offset.flush.timeout.ms'], defaultFlushTimeoutMs),
          report: (report) => this.#peer.tell('task-state', { task, report }),
          run: (host) =>
            startTask({
              start,
              host,
              plugins,
              workerProps,
              texts: this.#offsetTexts(task),
              onPolled: () => this.#polled.set(label, task),
            }),
        }),
    )
    this.#tasks.set(label, slot)
    void slot.ended.then(() => {
      if (this.#tasks.get(label) === slot) this.#tasks.delete(label)
    })
    return null
  }

  async #stopTask(task: TaskRef): Promise<null> {
    const slot = this.#slot(task)
    await slot?.stop()
    await slot?.ended
    return null
  }

  #offsetTexts(task: TaskRef): OffsetTexts {
    return {
      read: (partitions) => this.#readOffsets(task.connector, partitions),
      write: async (offsets) => {
        await this.#peer.call('write-offsets', { task, offsets }, offsetsDeadlineMs)
      },
    }
  }

  #readOffsets(connector: string, partitions: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#peer.call('read-offsets', { connector, partitions }, offsetsDeadlineMs)
  }
}

function measureMemory(): MemoryUse {
  const { heapUsed, external } = memoryUsage()
  return { heapUsedBytes: heapUsed, externalBytes: external }
}

function millis(text: string | null | undefined, otherwise: number): number {
  const value = Number(text?.trim() || Number.NaN)
  return Number.isFinite(value) ? value : otherwise
}
