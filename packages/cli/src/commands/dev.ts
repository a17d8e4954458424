// sluice dev: an embedded broker and a worker, for development on one machine.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { ConnectError, type Logger } from '@sluice/api'
import { bundledPlugins } from '../builtins.ts'
import { createLog, type LogFormat } from '../log.ts'
import { readConnectorFile } from '../properties-file.ts'
import { runUntilStopped } from '../run-until-stopped.ts'
import { version } from '../version.ts'
import { readDevAddress, removeDevAddress, stateFolder, writeDevAddress } from '../worker-address.ts'

interface DevOptions {
  readonly kafkaPort?: string
  readonly restPort?: string
  readonly logFormat: LogFormat
  readonly logLevel: string
}

const preferredKafkaPort = 9092
const preferredRestPort = 8083
const portsToTry = 100

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** The wanted port, or the next free one. A port that was asked for by name is taken as it is. */
async function choosePort(asked: string | undefined, preferred: number): Promise<number> {
  if (asked !== undefined) return Number(asked)
  for (let port = preferred; port < preferred + portsToTry; port += 1) if (await isFree(port)) return port
  throw new ConnectError(`Looking for a free port: ${preferred} to ${preferred + portsToTry - 1} are all in use.`, {
    code: 'CONNECT_PORT_IN_USE',
  })
}

interface Broker {
  readonly bootstrapServers: string
  stop(): Promise<void>
}

/** The first JSON line that the broker prints is its address; ending before that is a refusal, with its own words. */
async function brokerAddress(child: ChildProcess): Promise<string> {
  let output = ''
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const line = output.split('\n').find((text) => text.startsWith('{') && text.endsWith('}'))
      if (line) resolve((JSON.parse(line) as { bootstrapServers: string }).bootstrapServers)
    })
    child.once('exit', (code) => {
      reject(
        new ConnectError(`Starting the embedded broker: ${errors.trim() || `it ended with code ${code}`}`, {
          code: 'BROKER_START_REFUSED',
        }),
      )
    })
  })
}

/** In a process of its own, and outside this terminal's process group: it has to outlive the worker's last commit. */
async function startBroker(port: number, folder: string): Promise<Broker> {
  const main = fileURLToPath(import.meta.resolve('@sluice/embedded/main'))
  const child = fork(main, ['--port', String(port), '--data-dir', folder], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })
  const bootstrapServers = await brokerAddress(child)
  return {
    bootstrapServers,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function workerProps(bootstrapServers: string, restPort: number, folder: string): Record<string, string> {
  return {
    'bootstrap.servers': bootstrapServers,
    listeners: `http://127.0.0.1:${restPort}`,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'key.converter.schemas.enable': 'false',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'offset.storage.file.filename': join(folder, 'connect.offsets'),
    'offset.flush.interval.ms': '5000',
  }
}

function announce(url: string, bootstrapServers: string, log: Logger): void {
  log.info('Sluice is up. Ctrl-C stops it; state stays in .sluice.', { rest: url, kafka: bootstrapServers })
}

async function runDev(connectorFiles: readonly string[], options: DevOptions): Promise<void> {
  const running = readDevAddress()
  if (running) {
    throw new ConnectError(`A "sluice dev" runs in this folder already, as process ${running.pid} at ${running.url}.`, {
      code: 'DEV_ALREADY_RUNNING',
    })
  }
  const log = createLog(options.logFormat, options.logLevel)
  const folder = stateFolder()
  mkdirSync(folder, { recursive: true })
  const connectors = await Promise.all(connectorFiles.map(readConnectorFile))
  // Loaded while the broker starts, and only by the commands that run a worker.
  const runtime = import('@sluice/runtime')
  const broker = await startBroker(await choosePort(options.kafkaPort, preferredKafkaPort), join(folder, 'kafka'))
  try {
    const props = workerProps(broker.bootstrapServers, await choosePort(options.restPort, preferredRestPort), folder)
    const { startWorker } = await runtime
    const worker = await startWorker({
      props,
      mode: 'standalone',
      pluginPackages: bundledPlugins(),
      connectors,
      log,
      version,
    })
    const url = worker.restUrls[0] ?? ''
    writeDevAddress({ pid: process.pid, url, bootstrapServers: broker.bootstrapServers })
    announce(url, broker.bootstrapServers, log)
    await runUntilStopped(worker, log)
  } finally {
    removeDevAddress()
    await broker.stop()
  }
}

/** Adds the command. */
export function devCommand(program: Command): void {
  program
    .command('dev')
    .summary('run an embedded Kafka broker and a worker here')
    .description(
      'Runs an embedded Kafka broker and a worker on this machine, with state in ./.sluice. Records are JSON without schemas. Ports are 9092 and 8083, or the next free ones; .sluice/dev.json names them, and the other commands find them there.',
    )
    .argument('[connector...]', 'connectors to create, each a .properties or .json file')
    .option('--kafka-port <port>', 'the port of the broker')
    .option('--rest-port <port>', 'the port of the REST API')
    .option('--log-format <format>', 'text or json', 'text')
    .option('--log-level <level>', 'debug, info, warn or error', 'info')
    .action(runDev)
}
