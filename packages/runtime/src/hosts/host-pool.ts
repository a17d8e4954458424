import { ConnectError, isConnectError, type Logger } from '@sluice/api'
import { type HostLoss, type HostOccupant, planAfterHostLoss } from '../core/tasks/host-loss.ts'
import type { HostLossVerdict } from '../core/tasks/task-lifecycle.ts'
import type { HostLink } from './host-process.ts'
import type { HostCalls, HostNotices, HostReport, HostSettings, WorkerCalls, WorkerNotices } from './host-protocol.ts'
import { type CallHandlers, createPeer, type NoticeHandlers, type Peer } from './peer.ts'

/** A host, for whoever lives on it or visits it. Calls made before it is ready wait for it. */
export type HostPeer = Pick<Peer<HostCalls, HostNotices>, 'call' | 'tell'>

/** Who lives on a host: a task, or a connector that watches. */
export interface Occupant {
  readonly id: string
  /** Hosts that it has lost in a row. */
  losses(): number
  /** Its host is gone; it lives nowhere from now on. */
  onHostLost(verdict: HostLossVerdict): void
}

export interface HostPoolOptions {
  /** About as many as cores. Isolated occupants come on top. */
  readonly size: number
  readonly settings: HostSettings
  readonly limits: HostLimits
  readonly log: Logger
  /** What hosts may ask and tell; `report` and `log` are the pool's own. */
  readonly calls: CallHandlers<WorkerCalls>
  readonly notices: NoticeHandlers<Omit<WorkerNotices, 'report' | 'log'>>
  readonly onPolled: (polled: HostReport['polled']) => void
  readonly start: () => HostLink
}

export interface HostLimits {
  /** Heap and external memory together; above it the host is ended. */
  readonly memoryBytes: number
  /** Without a word for this long, it is ended. */
  readonly unresponsiveMs: number
}

/** Starting includes importing our own code and reading manifests, on a machine that may be busy. */
const startBudgetMs = 60_000
const measureDeadlineMs = 10_000
const stopBudgetMs = 3_000

interface PooledHost {
  readonly link: HostLink
  readonly peer: Peer<HostCalls, HostNotices>
  readonly ready: Promise<unknown>
  readonly occupants: Map<string, Occupant>
  readonly isExclusive: boolean
  openCalls: HostReport['openCalls']
  isReady: boolean
  silentMs: number
  isMeasured: boolean
  /** Why the pool ended it; null while it lives, and when it ended by itself. */
  loss: HostLoss | null
  readonly gone: Promise<void>
}

/**
 * The hosts of a worker. They are started when first needed; tasks are spread evenly and stay where they are. Each
 * host reports once in a while: one that is silent for too long, or holds too much memory, is ended, its culprit
 * named and its other occupants told to start again.
 */
export class HostPool {
  readonly #options: HostPoolOptions
  readonly #hosts = new Set<PooledHost>()
  readonly #watch: NodeJS.Timeout
  #isStopping = false

  constructor(options: HostPoolOptions) {
    this.#options = options
    const intervalMs = options.settings.reportIntervalMs
    // Counting turns of our own clock keeps a pause of the whole machine from looking like a silent host.
    this.#watch = setInterval(() => this.#look(intervalMs), intervalMs)
    this.#watch.unref()
  }

  /** Starts a host ahead of need, so that the first task finds one ready. */
  warmUp(): void {
    if (this.#hosts.size === 0) this.#add(false)
  }

  /** A host for whoever will live there until `leave` or `onHostLost`. */
  place(occupant: Occupant, { isIsolated }: { readonly isIsolated: boolean }): HostPeer {
    const host = isIsolated ? this.#add(true) : this.#roomiest()
    host.occupants.set(occupant.id, occupant)
    return this.#peerOf(host)
  }

  leave(occupant: Occupant): void {
    for (const host of this.#hosts) {
      if (host.occupants.get(occupant.id) !== occupant) continue
      host.occupants.delete(occupant.id)
      if (host.isExclusive) void this.#end(host)
    }
  }

  /** The host on which somebody lives; null when nowhere. */
  hostOf(id: string): HostPeer | null {
    for (const host of this.#hosts) if (host.occupants.has(id)) return this.#peerOf(host)
    return null
  }

  /** A host for a single call, which fails with the host. */
  visit(): HostPeer {
    const shared = [...this.#hosts].filter((host) => !host.isExclusive && host.loss === null)
    return this.#peerOf(shared.sort(byOccupants)[0] ?? this.#add(false))
  }

  /** Every host, for what all are told. */
  all(): readonly HostPeer[] {
    return [...this.#hosts].map((host) => this.#peerOf(host))
  }

  /** Ends every host. Occupants are not told: whoever stops the worker has stopped them. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearInterval(this.#watch)
    await Promise.all([...this.#hosts].map((host) => this.#end(host)))
  }

  #roomiest(): PooledHost {
    const shared = [...this.#hosts].filter((host) => !host.isExclusive && host.loss === null).sort(byOccupants)
    const best = shared[0]
    return best && (best.occupants.size === 0 || shared.length >= this.#options.size) ? best : this.#add(false)
  }

  #peerOf(host: PooledHost): HostPeer {
    return {
      call: async (name, request, deadlineMs) => {
        await host.ready
        return await host.peer.call(name, request, deadlineMs)
      },
      tell: (name, body) => {
        if (host.isReady) host.peer.tell(name, body)
        else void host.ready.then(() => host.peer.tell(name, body)).catch(() => undefined)
      },
    }
  }

  #add(isExclusive: boolean): PooledHost {
    if (this.#isStopping) throw new ConnectError('Worker is shutting down', { code: 'CONNECT_WORKER_STOPPING' })
    const { start, calls, notices, log, settings } = this.#options
    const link = start()
    const gone = Promise.withResolvers<void>()
    const peer = createPeer<HostCalls, HostNotices, WorkerCalls, WorkerNotices>(link.channel, {
      calls,
      notices: {
        ...notices,
        report: (report) => this.#hear(host, report),
        log: ({ level, message, fields }) => log[level](message, fields),
      },
      onActivity: () => {
        host.silentMs = 0
      },
    })
    const ready = peer.call('configure', settings, startBudgetMs)
    const host: PooledHost = {
      link,
      peer,
      ready,
      occupants: new Map(),
      isExclusive,
      openCalls: [],
      isReady: false,
      silentMs: 0,
      isMeasured: false,
      loss: null,
      gone: gone.promise,
    }
    ready.then(
      () => {
        host.isReady = true
        log.info('A host was started.', { host: link.name })
      },
      (error: unknown) => {
        if (host.loss === null && !this.#isStopping)
          log.error('A host could not be started.', { host: link.name, error })
        // Where the channel closed, the process has ended, and its exit says how; nobody on it has done anything yet.
        if (isConnectError(error) && error.code === 'CONNECT_HOST_LOST') host.link.kill()
        else this.#lose(host, { type: 'unresponsive', forMs: startBudgetMs })
      },
    )
    link.onExit((exit) => {
      this.#lost(host, { type: 'exited', ...exit })
      gone.resolve()
    })
    this.#hosts.add(host)
    return host
  }

  #look(intervalMs: number): void {
    const { unresponsiveMs } = this.#options.limits
    for (const host of this.#hosts) {
      if (!host.isReady || host.loss !== null) continue
      host.silentMs += intervalMs
      if (host.silentMs > unresponsiveMs) this.#lose(host, { type: 'unresponsive', forMs: unresponsiveMs })
    }
  }

  #hear(host: PooledHost, report: HostReport): void {
    host.openCalls = report.openCalls
    if (report.polled.length > 0) this.#options.onPolled(report.polled)
    if (report.heapUsedBytes + report.externalBytes > this.#options.limits.memoryBytes) void this.#measure(host)
  }

  /** What a report counts may be garbage: only what is left after a collection is held against the host. */
  async #measure(host: PooledHost): Promise<void> {
    if (host.isMeasured || host.loss !== null) return
    host.isMeasured = true
    const limitBytes = this.#options.limits.memoryBytes
    try {
      const { heapUsedBytes, externalBytes } = await host.peer.call('measure-memory', null, measureDeadlineMs)
      const usedBytes = heapUsedBytes + externalBytes
      if (usedBytes > limitBytes) this.#lose(host, { type: 'over-memory', usedBytes, limitBytes })
    } catch (error) {
      this.#options.log.debug('A host did not say how much memory it holds.', { host: host.link.name, error })
    } finally {
      host.isMeasured = false
    }
  }

  /** Ends a host that has to go; its exit does the rest. */
  #lose(host: PooledHost, loss: HostLoss): void {
    host.loss ??= loss
    host.link.kill()
  }

  #lost(host: PooledHost, exit: HostLoss): void {
    this.#hosts.delete(host)
    const mark = host.link.mark()
    host.link.dispose()
    const occupants = [...host.occupants.values()]
    host.occupants.clear()
    const loss = host.loss ?? exit
    if (occupants.length === 0 && (this.#isStopping || host.isExclusive)) return
    this.#options.log.warn('A host is gone.', {
      host: host.link.name,
      ...loss,
      ...(mark ? { in: mark.call, of: mark.id } : {}),
    })
    const verdicts = planAfterHostLoss({ loss, mark, occupants: occupants.map((occupant) => factsOf(host, occupant)) })
    for (const occupant of occupants) {
      occupant.onHostLost(verdicts.get(occupant.id) ?? { type: 'restart', isIsolated: false })
    }
  }

  async #end(host: PooledHost): Promise<void> {
    host.peer.close()
    const giveUp = setTimeout(() => host.link.kill(), stopBudgetMs)
    await host.gone
    clearTimeout(giveUp)
  }
}

function byOccupants(a: PooledHost, b: PooledHost): number {
  return a.occupants.size - b.occupants.size
}

function factsOf(host: PooledHost, occupant: Occupant): HostOccupant {
  const open = host.openCalls.find(([owner]) => owner === occupant.id)
  return { id: occupant.id, losses: occupant.losses(), openCall: open?.[1] ?? null }
}
