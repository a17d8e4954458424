// What Apache's standalone worker and ours have in common for a test: files on the command line, a REST port to be
// asked, an orderly stop.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endOfLog, freePort } from './logged-process.ts'
import type { LoggedProcess } from './logged-process.ts'
import { renderProperties } from './render-properties.ts'
import { waitUntil } from './wait-until.ts'

type Props = Readonly<Record<string, string>>

/** How a worker is started, whoever's it is. */
export interface StandaloneOptions {
  /** Worker properties; `bootstrap.servers` is required, the rest has a default. */
  readonly props: Props
  /** Connector configs given on the command line, `name` included. */
  readonly connectors?: readonly Props[]
  /** Folder for the worker's files. Absent: a new temporary folder, removed on stop. */
  readonly dir?: string
}

/** A worker whose process was started and that may not be ready yet. */
export interface StandaloneWorker {
  /** For messages. */
  readonly name: string
  readonly url: string
  readonly pid: number
  /** When its process was started, by `performance.now()`. */
  readonly startedAt: number
  readonly logFile: string
  /** The file of the source offsets. */
  readonly offsetsFile: string
  isRunning(): boolean
  /** Resolves when the worker answers that it is healthy; rejects with its log when it ended before. */
  ready(): Promise<void>
  /** Orderly stop (offsets are committed); resolves with the exit code when the process has ended. */
  close(): Promise<number | null>
  /** SIGKILL; waits until the process has ended. */
  kill(): Promise<void>
}

/** Starts the program of a worker with the files written for it. */
export type StartProgram = (files: readonly string[], logFile: string) => LoggedProcess

function defaults(dir: string, url: string): Record<string, string> {
  return {
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': join(dir, 'connect.offsets'),
    'offset.flush.interval.ms': '1000',
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

async function writeFiles(dir: string, props: Props, connectors: readonly Props[]): Promise<readonly string[]> {
  const named: readonly (readonly [file: string, props: Props])[] = [
    [join(dir, 'worker.properties'), props],
    ...connectors.map((connector, index) => [join(dir, `connector-${index}.properties`), connector] as const),
  ]
  for (const [file, content] of named) await writeFile(file, renderProperties(content))
  return named.map(([file]) => file)
}

/** Writes the worker's files, starts its program and returns at once, for measurements from the very start. */
export async function spawnStandalone(
  name: string,
  options: StandaloneOptions,
  start: StartProgram,
): Promise<StandaloneWorker> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'sluice-standalone-')))
  const url = options.props['listeners'] ?? `http://127.0.0.1:${await freePort()}`
  const props = { ...defaults(dir, url), ...options.props }
  const files = await writeFiles(dir, props, options.connectors ?? [])
  const worker = start(files, join(dir, 'worker.log'))
  return {
    name,
    url,
    pid: worker.pid,
    startedAt: worker.startedAt,
    logFile: worker.logFile,
    offsetsFile: props['offset.storage.file.filename'] ?? '',
    isRunning: () => worker.isRunning(),
    async ready() {
      await waitUntil(async () => !worker.isRunning() || (await isHealthy(url)), `${name} at ${url} to be healthy`)
      if (!worker.isRunning()) throw new Error(`${name} ended before it was ready\n${await endOfLog(worker.logFile)}`)
    },
    async close() {
      const code = await worker.stop()
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
      return code
    },
    kill: () => worker.kill(),
  }
}

/** Waits until the worker is healthy; ends it when it never gets there. */
export async function whenReady(spawned: Promise<StandaloneWorker>): Promise<StandaloneWorker> {
  const worker = await spawned
  try {
    await worker.ready()
  } catch (error) {
    await worker.kill()
    throw error
  }
  return worker
}

/** Uses a worker that is being started and closes it afterwards, whatever happens. */
export async function withWorker<T>(
  started: Promise<StandaloneWorker>,
  use: (worker: StandaloneWorker) => Promise<T>,
): Promise<T> {
  const worker = await started
  try {
    return await use(worker)
  } finally {
    await worker.close()
  }
}
