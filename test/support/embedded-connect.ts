// A worker in the test's own process on an embedded broker, with REST's verbs as methods and waits for states.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { configKeys, type Logger, type PluginDefinition } from '@sluice/api'
import { startEmbeddedBroker } from '@sluice/embedded'
import { createKafkaClient, partitionKey } from '@sluice/kafka'
import type { ConnectorStateInfo } from '@sluice/rest-api'
import { type PluginPackage, type RunningWorker, startWorker } from '@sluice/runtime'
import testPlugins from './plugins/test-plugins.ts'
import { waitUntil } from './wait-until.ts'

export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface EmbeddedConnectOptions {
  readonly props?: Readonly<Record<string, string>>
  /** Absent: a broker of its own, in memory. */
  readonly bootstrapServers?: string
  /** Absent: a folder of its own, gone with it. */
  readonly folder?: string
}

export interface EmbeddedConnect {
  readonly worker: RunningWorker
  readonly bootstrapServers: string
  /** For files of the test. */
  readonly folder: string
  readonly offsetFile: string
  readonly log: readonly LogLine[]
  create(name: string, config: Readonly<Record<string, string>>): Promise<void>
  status(name: string): Promise<ConnectorStateInfo>
  /** Waits until the connector and this many tasks are RUNNING. */
  untilRunning(name: string, tasks?: number): Promise<void>
  /** Waits until the task is in the state and returns its trace. */
  untilTask(name: string, task: number, state: string): Promise<string>
  /** The process ids of the hosts that live, oldest first. */
  hosts(): readonly number[]
  /** The values of a topic's only partition, as text. */
  values(topic: string): Promise<readonly string[]>
  stop(): Promise<void>
}

/** A package of the product, found as the command line finds it. */
function productPackage(name: string, folder: string): PluginPackage {
  const root = join(import.meta.dirname, '..', '..', folder)
  return {
    name,
    manifestUrl: pathToFileURL(join(root, 'connect-plugins.json')).href,
    moduleUrl: pathToFileURL(join(root, 'src', 'plugins.ts')).href,
  }
}

function manifestOf(definitions: readonly PluginDefinition[]): string {
  const plugins = definitions.map((plugin) => ({
    kind: plugin.kind,
    name: plugin.name,
    className: plugin.className,
    aliases: plugin.aliases,
    summary: plugin.summary,
    ...('taskClass' in plugin ? { taskClass: plugin.taskClass } : {}),
    config: configKeys(plugin.config),
  }))
  return JSON.stringify({ version: '1.2.3', plugins })
}

/** The packages of the product and the plugins that misbehave; their manifest lies in the folder. */
export function allPlugins(folder: string): readonly PluginPackage[] {
  const manifest = join(folder, 'test-plugins.json')
  writeFileSync(manifest, manifestOf(testPlugins))
  return [
    productPackage('@sluice/connector-file', 'connectors/file'),
    productPackage('@sluice/converters', 'packages/converters'),
    productPackage('@sluice/transforms', 'packages/transforms'),
    {
      name: 'test-plugins',
      manifestUrl: pathToFileURL(manifest).href,
      moduleUrl: pathToFileURL(join(import.meta.dirname, 'plugins', 'test-plugins.ts')).href,
    },
  ]
}

/** Every value of a topic's only partition, read from its beginning by a client of its own. */
export async function readValues(bootstrapServers: string, topic: string): Promise<readonly string[]> {
  const client = createKafkaClient({ bootstrapServers: [bootstrapServers], clientId: 'test-reader' })
  try {
    const consumer = client.consumer({ offsetReset: 'earliest' })
    const partition = { topic, partition: 0 }
    const end = (await consumer.endOffsets([partition])).get(partitionKey(partition)) ?? 0
    consumer.assign([partition])
    const values: string[] = []
    while ((await consumer.position(partition)) < end) {
      for (const batch of await consumer.poll(200, 10_000)) {
        for (let index = 0; index < batch.count; index += 1) values.push(batch.value(index)?.toString() ?? 'null')
        batch.release()
      }
    }
    return values
  } finally {
    await client.close()
  }
}

function collectingLog(lines: LogLine[]): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, fields: LogLine['fields'] = {}): void => {
      lines.push({ level, message, fields })
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function liveHosts(lines: readonly LogLine[]): readonly number[] {
  const named = (message: string): string[] =>
    lines.filter((line) => line.message === message).map(({ fields }) => String(fields['host']))
  const gone = new Set(named('A host is gone.'))
  return named('A host was started.')
    .filter((host) => !gone.has(host))
    .map((host) => Number(host.replace('host ', '')))
}

const string = 'org.apache.kafka.connect.storage.StringConverter'

export async function startEmbeddedConnect(options: EmbeddedConnectOptions = {}): Promise<EmbeddedConnect> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'embedded-connect-'))
  const broker = options.bootstrapServers === undefined ? await startEmbeddedBroker() : null
  const bootstrapServers = options.bootstrapServers ?? broker?.bootstrapServers ?? ''
  const offsetFile = join(folder, 'connect.offsets')
  const log: LogLine[] = []
  const worker = await startWorker({
    props: {
      'bootstrap.servers': bootstrapServers,
      'key.converter': string,
      'value.converter': string,
      'offset.storage.file.filename': offsetFile,
      'offset.flush.interval.ms': '200',
      listeners: 'http://127.0.0.1:0',
      ...options.props,
    },
    mode: 'standalone',
    pluginPackages: allPlugins(folder),
    log: collectingLog(log),
    version: '1.2.3',
  }).catch(async (error: unknown) => {
    await broker?.close()
    throw error
  })
  const { herder } = worker
  const shown = (): string => JSON.stringify(log.slice(-10))
  const status = (name: string): Promise<ConnectorStateInfo> => herder.connectorStatus(name)
  return {
    worker,
    bootstrapServers,
    folder,
    offsetFile,
    log,
    status,
    create: async (name, config) => {
      await herder.createConnector({ name, config })
    },
    untilRunning: async (name, tasks = 1) => {
      await waitUntil(
        async () => {
          const { connector, tasks: found } = await status(name)
          return connector.state === 'RUNNING' && found.filter(({ state }) => state === 'RUNNING').length === tasks
        },
        () => `${name} with ${tasks} tasks to run; the log ends with ${shown()}`,
      )
    },
    untilTask: async (name, task, state) => {
      let trace = ''
      await waitUntil(
        async () => {
          const found = (await status(name)).tasks[task]
          trace = found?.trace ?? ''
          return found?.state === state
        },
        () => `task ${name}-${task} to be ${state}; the log ends with ${shown()}`,
      )
      return trace
    },
    hosts: () => liveHosts(log),
    values: (topic) => readValues(bootstrapServers, topic),
    stop: async () => {
      await worker.stop()
      await broker?.close()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The lines of a file; none while it is not there. */
export function linesOf(file: string): readonly string[] {
  try {
    const text = readFileSync(file, 'utf8')
    return text === '' ? [] : text.replace(/\n$/, '').split('\n')
  } catch {
    return []
  }
}
