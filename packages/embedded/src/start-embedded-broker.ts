import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Broker } from './broker.ts'
import { reasonOf, silentLog, type BrokerLog } from './broker-log.ts'
import { GroupCoordinator } from './groups/group-coordinator.ts'
import { applyGroupEntry, emptyGroupLog, groupEntries, type GroupLogEntry } from './groups/group-log.ts'
import { defaultGroupTimings, type GroupTimings } from './groups/group.ts'
import { ReadBuffers } from './log/read-lease.ts'
import { bindPort, type BoundPort } from './server/kafka-server.ts'
import { createRequestCounts, type RequestCounts } from './server/request-counts.ts'
import { EmbeddedBrokerError } from './storage/broker-error.ts'
import { createMemoryCluster, openCluster } from './storage/cluster-file.ts'
import { lockDir } from './storage/dir-lock.ts'
import { createMemoryJournal, openJournal } from './storage/journal.ts'
import { StorageHealth } from './storage/storage-health.ts'
import { createDiskTopicStorage, createMemoryTopicStorage, readTopics } from './topics/topic-storage.ts'
import { Topics } from './topics/topics.ts'

/** How a broker is started. Everything has a default that suits a test. */
export interface EmbeddedBrokerOptions {
  readonly host?: string
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Where topics, offsets and groups are kept. Absent: in memory, and gone with the broker. */
  readonly dataDir?: string
  readonly autoCreateTopics?: boolean
  /** Partitions of topics that are created on first use, or without a number. */
  readonly defaultPartitions?: number
  /** Larger requests end their connection (socket.request.max.bytes). */
  readonly maxRequestBytes?: number
  /** group.initial.rebalance.delay.ms, group.min.session.timeout.ms, group.max.session.timeout.ms */
  readonly groupTimings?: Partial<GroupTimings>
  readonly log?: BrokerLog
}

/** What a running broker has been through. */
export interface BrokerStats extends Readonly<RequestCounts> {
  /** Writes to the data folder that failed. */
  readonly storageFailures: number
}

/** A broker that answers. */
export interface EmbeddedBroker {
  readonly host: string
  readonly port: number
  /** `host:port`, for `bootstrap.servers`. */
  readonly bootstrapServers: string
  readonly clusterId: string
  stats(): BrokerStats
  /** Ends all connections, forces what was written to disk, gives the data folder back. */
  close(): Promise<void>
}

const largestRequest = 100 * 1024 * 1024

/**
 * Starts a Kafka broker of one node in this process.
 *
 * @throws EmbeddedBrokerError when the port or the data folder cannot be had
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
  const { host = '127.0.0.1', port = 0, dataDir, log = silentLog } = options
  const unlock = dataDir === undefined ? () => {} : takeDataDir(dataDir)
  let bound: BoundPort | undefined
  try {
    bound = await bindPort({ host, port })
    return serve(bound, { ...options, host, log }, unlock)
  } catch (error) {
    await bound?.close()
    unlock()
    throw explained(error, dataDir)
  }
}

type StartOptions = EmbeddedBrokerOptions & { readonly host: string; readonly log: BrokerLog }

function serve(bound: BoundPort, options: StartOptions, unlock: () => void): EmbeddedBroker {
  const { host, log, maxRequestBytes = largestRequest } = options
  const health = new StorageHealth(log)
  const counts = createRequestCounts()
  const broker = openBroker(bound.port, options, health)
  bound.serve({ broker, maxRequestBytes, counts })
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await bound.close()
    broker.groups.close()
    await broker.topics.close()
    unlock()
  }
  return {
    host,
    port: bound.port,
    bootstrapServers: `${host}:${bound.port}`,
    clusterId: broker.cluster.clusterId,
    stats: () => ({ ...counts, storageFailures: health.failures }),
    close: () => (closing ??= close()),
  }
}

function openBroker(port: number, options: StartOptions, health: StorageHealth): Broker {
  const { host, dataDir, log, autoCreateTopics = true, defaultPartitions = 1 } = options
  const buffers = new ReadBuffers()
  const cluster = dataDir === undefined ? createMemoryCluster() : openCluster(path.join(dataDir, 'broker.json'))
  const env = { leaderEpoch: cluster.leaderEpoch, buffers, log }
  const topics = new Topics(
    dataDir === undefined ? createMemoryTopicStorage(env) : createDiskTopicStorage(dataDir, env),
  )
  if (dataDir !== undefined) for (const facts of readTopics(dataDir, log)) topics.restore(facts)
  const groups = openGroups(options, health)
  return { host, port, cluster, topics, groups, buffers, health, log, autoCreateTopics, defaultPartitions }
}

function openGroups({ dataDir, log, groupTimings }: StartOptions, health: StorageHealth): GroupCoordinator {
  const state = emptyGroupLog()
  const apply = (entry: GroupLogEntry): void => applyGroupEntry(state, entry)
  const snapshot = (): Iterable<GroupLogEntry> => groupEntries(state)
  const journal =
    dataDir === undefined
      ? createMemoryJournal(apply)
      : openJournal(path.join(dataDir, 'groups.journal'), { apply, snapshot, log })
  return new GroupCoordinator({ timings: { ...defaultGroupTimings, ...groupTimings }, state, journal, health, log })
}

function takeDataDir(dataDir: string): () => void {
  try {
    mkdirSync(dataDir, { recursive: true })
    return lockDir(dataDir)
  } catch (error) {
    throw explained(error, dataDir)
  }
}

/** Whatever the file system says while the data folder is opened, with what to do about it. */
function explained(error: unknown, dataDir: string | undefined): unknown {
  if (error instanceof EmbeddedBrokerError || dataDir === undefined) return error
  return new EmbeddedBrokerError(
    'DATA_DIR_UNUSABLE',
    `Opening the data folder ${dataDir}: ${reasonOf(error)}. Make it a folder that can be written, or choose another.`,
    { cause: error },
  )
}
