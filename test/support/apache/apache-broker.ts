// A single Apache Kafka broker (KRaft, broker and controller in one) on 127.0.0.1.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../logged-process.ts'
import { renderProperties } from '../render-properties.ts'
import { ensureApache } from './ensure-apache.ts'
import { runJava, startJava } from './java-process.ts'

/** How the broker is started; everything has a default. */
export interface ApacheBrokerOptions {
  /** Folder of its state, kept on stop. Absent: a new temporary folder, removed on stop. */
  readonly dataDir?: string
  readonly port?: number
  readonly heapMb?: number
  /** Broker properties on top of ours. */
  readonly props?: Readonly<Record<string, string>>
}

/** A running broker. */
export interface ApacheBroker {
  readonly host: string
  readonly port: number
  readonly bootstrapServers: string
  readonly clusterId: string
  readonly pid: number
  readonly dataDir: string
  readonly logFile: string
  /** Orderly stop; waits until the process has ended. */
  close(): Promise<void>
  /** SIGKILL; waits until the process has ended. The data folder stays. */
  kill(): Promise<void>
}

const host = '127.0.0.1'

function brokerProps(dataDir: string, port: number, controllerPort: number): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(dataDir, 'logs'),
    'num.partitions': '1',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'group.initial.rebalance.delay.ms': '0',
    // A single node cannot replicate, and fifty partitions of a small topic only cost start-up time.
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
  }
}

async function clusterIdOf(dataDir: string, format: (clusterId: string) => Promise<unknown>): Promise<string> {
  const metaFile = join(dataDir, 'logs', 'meta.properties')
  if (existsSync(metaFile)) {
    const found = /^cluster\.id=(.+)$/m.exec(await readFile(metaFile, 'utf8'))
    if (found?.[1]) return found[1].trim()
  }
  // Kafka's ids are 16 random bytes in URL-safe base64; a leading dash would look like an option.
  const clusterId = `S${randomBytes(16).toString('base64url').slice(1)}`
  await format(clusterId)
  return clusterId
}

/**
 * Starts a broker and resolves when it has said that it is started. Topics are created on first use, with one
 * partition. The folder is formatted by Kafka's storage tool unless it already is.
 */
export async function startApacheBroker(options: ApacheBrokerOptions = {}): Promise<ApacheBroker> {
  const install = await ensureApache()
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'sluice-apache-broker-')))
  await mkdir(dataDir, { recursive: true })
  const port = options.port ?? (await freePort())
  const configFile = join(dataDir, 'server.properties')
  const logFile = join(dataDir, 'broker.log')
  const props = { ...brokerProps(dataDir, port, await freePort()), ...options.props }
  await writeFile(configFile, renderProperties(props))
  const java = { install, logFile, heapMb: options.heapMb ?? 512 }
  const clusterId = await clusterIdOf(dataDir, (id) =>
    runJava({
      ...java,
      jvm: ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      name: "Kafka's storage tool",
      mainClass: 'kafka.tools.StorageTool',
      args: ['format', '--cluster-id', id, '--config', configFile],
    }),
  )
  const broker = startJava({ ...java, name: 'the Apache broker', mainClass: 'kafka.Kafka', args: [configFile] })
  await broker.printed('Kafka Server started')
  return {
    host,
    port,
    bootstrapServers: `${host}:${port}`,
    clusterId,
    pid: broker.pid,
    dataDir,
    logFile,
    async close() {
      await broker.stop()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
    kill: () => broker.kill(),
  }
}
