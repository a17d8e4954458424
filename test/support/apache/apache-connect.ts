// An Apache Kafka Connect worker in standalone mode on 127.0.0.1.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endOfLog, freePort } from '../logged-process.ts'
import type { LoggedProcess } from '../logged-process.ts'
import { renderProperties } from '../render-properties.ts'
import { waitUntil } from '../wait-until.ts'
import { ensureApache } from './ensure-apache.ts'
import { startJava } from './java-process.ts'

/** How the worker is started. */
export interface ApacheConnectOptions {
  /** Worker properties; `bootstrap.servers` is required, the rest has a default, see `workerProps`. */
  readonly props: Readonly<Record<string, string>>
  /** Connector configs given on the command line, `name` included. */
  readonly connectors?: readonly Readonly<Record<string, string>>[]
  /** Folder for the worker's files. Absent: a new temporary folder, removed on stop. */
  readonly dir?: string
  readonly heapMb?: number
  readonly jvm?: readonly string[]
}

/** A worker whose process was started and that may not be ready yet. */
export interface ApacheConnect {
  readonly url: string
  readonly pid: number
  readonly logFile: string
  /** The file of the source offsets. */
  readonly offsetsFile: string
  /** Resolves when the worker answers that it is healthy; rejects with its log when it ended before. */
  ready(): Promise<void>
  /** Orderly stop (offsets are committed); waits until the process has ended. */
  close(): Promise<void>
  /** SIGKILL; waits until the process has ended. */
  kill(): Promise<void>
}

function workerProps(dir: string, url: string): Record<string, string> {
  return {
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': join(dir, 'connect.offsets'),
    'offset.flush.interval.ms': '1000',
    // The file connectors are on the class path, so nothing has to be scanned.
    'plugin.discovery': 'service_load',
    listeners: url,
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`)
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}

async function waitUntilHealthy(worker: LoggedProcess, url: string): Promise<void> {
  await waitUntil(async () => !worker.isRunning() || (await isHealthy(url)), `Apache Connect at ${url} to be healthy`)
  if (!worker.isRunning())
    throw new Error(`Apache Connect ended before it was ready\n${await endOfLog(worker.logFile)}`)
}

/**
 * Spawns `connect-standalone` and returns at once, for measurements from the very start.
 * Everybody else uses `startApacheConnect`.
 */
export async function spawnApacheConnect(options: ApacheConnectOptions): Promise<ApacheConnect> {
  const install = await ensureApache()
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'sluice-apache-connect-')))
  const url = options.props['listeners'] ?? `http://127.0.0.1:${await freePort()}`
  const props = { ...workerProps(dir, url), ...options.props }
  const workerFile = join(dir, 'worker.properties')
  await writeFile(workerFile, renderProperties(props))
  const connectorFiles: string[] = []
  for (const [index, connector] of (options.connectors ?? []).entries()) {
    const file = join(dir, `connector-${index}.properties`)
    await writeFile(file, renderProperties(connector))
    connectorFiles.push(file)
  }
  const worker = startJava({
    install,
    name: 'Apache Connect',
    mainClass: 'org.apache.kafka.connect.cli.ConnectStandalone',
    args: [workerFile, ...connectorFiles],
    heapMb: options.heapMb ?? 256,
    ...(options.jvm ? { jvm: options.jvm } : {}),
    logFile: join(dir, 'connect.log'),
  })
  return {
    url,
    pid: worker.pid,
    logFile: worker.logFile,
    offsetsFile: props['offset.storage.file.filename'] ?? '',
    ready: () => waitUntilHealthy(worker, url),
    async close() {
      await worker.stop()
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    },
    kill: () => worker.kill(),
  }
}

/** Starts a standalone worker of Apache Connect (256 MiB heap unless told otherwise) and resolves when it is healthy. */
export async function startApacheConnect(options: ApacheConnectOptions): Promise<ApacheConnect> {
  const worker = await spawnApacheConnect(options)
  try {
    await worker.ready()
  } catch (error) {
    await worker.kill()
    throw error
  }
  return worker
}
