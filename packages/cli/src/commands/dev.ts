// sluice dev: an embedded broker and a worker, for development on one machine.
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { ConnectError, type Logger } from '@sluice/api'
import { bundledPlugins } from '../builtins.ts'
import { startDevBroker } from '../dev-broker.ts'
import { createLog } from '../log.ts'
import { addLogOptions, type LogOptions } from '../log-options.ts'
import { readConnectorFile } from '../properties-file.ts'
import { runUntilStopped } from '../run-until-stopped.ts'
import { version } from '../version.ts'
import { readDevAddress, removeDevAddress, stateFolder, writeDevAddress } from '../worker-address.ts'

interface DevOptions extends LogOptions {
  readonly kafkaPort?: number
  readonly restPort?: number
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

/**
 * Opens something on the wanted port, or on the next free one: a port that another process takes in between is left to
 * it. A port that was asked for by name is the only one tried.
 */
async function onFreePort<T>(
  asked: number | undefined,
  preferred: number,
  open: (port: number) => Promise<T>,
): Promise<T> {
  if (asked !== undefined) return await open(asked)
  for (let port = preferred; port < preferred + portsToTry; port += 1) {
    if (!(await isFree(port))) continue
    try {
      return await open(port)
    } catch (error) {
      if (await isFree(port)) throw error
    }
  }
  throw new ConnectError(`Looking for a free port: ${preferred} to ${preferred + portsToTry - 1} are all in use.`, {
    code: 'CONNECT_PORT_IN_USE',
  })
}

function makeStateFolder(): string {
  const folder = stateFolder()
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause)
    throw new ConnectError(`Making the folder ${folder} for the state of "sluice dev": ${found}.`, {
      cause,
      code: 'FILE_UNWRITABLE',
    })
  }
  return folder
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
    // After a crash, sinks wait this long for the member that they were before: the least that a broker allows.
    'consumer.session.timeout.ms': '6000',
    'consumer.heartbeat.interval.ms': '2000',
  }
}

function announce(url: string, bootstrapServers: string, log: Logger): void {
  log.info('Sluice is up. Ctrl-C stops it; state stays in .sluice.', { rest: url, kafka: bootstrapServers })
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
}

async function runDev(connectorFiles: readonly string[], options: DevOptions): Promise<void> {
  const running = readDevAddress()
  if (running) {
    throw new ConnectError(`A "sluice dev" runs in this folder already, as process ${running.pid} at ${running.url}.`, {
      code: 'DEV_ALREADY_RUNNING',
    })
  }
  const log = createLog(options.logFormat, options.logLevel)
  const folder = makeStateFolder()
  const connectors = await Promise.all(connectorFiles.map(readConnectorFile))
  // Loaded while the broker starts, and only by the commands that run a worker.
  const runtime = import('@sluice/runtime')
  const broker = await onFreePort(options.kafkaPort, preferredKafkaPort, (port) =>
    startDevBroker({ port, folder: join(folder, 'kafka'), log }),
  )
  try {
    const { startWorker } = await runtime
    const { bootstrapServers } = broker
    const worker = await onFreePort(options.restPort, preferredRestPort, (port) => {
      const props = workerProps(bootstrapServers, port, folder)
      return startWorker({ props, mode: 'standalone', pluginPackages: bundledPlugins(), connectors, log, version })
    })
    const url = worker.restUrls[0] ?? ''
    writeDevAddress({ pid: process.pid, url, bootstrapServers: broker.bootstrapServers })
    announce(url, broker.bootstrapServers, log)
    const stopped = Promise.race([worker.stopped, broker.lost])
    await runUntilStopped({ stop: () => worker.stop(), stopped }, log).finally(() => worker.stop())
  } finally {
    removeDevAddress()
    await broker.stop()
  }
}

/** Adds the command. */
export function devCommand(program: Command): void {
  const dev = program
    .command('dev')
    .summary('run an embedded Kafka broker and a worker here')
    .description(
      'Runs an embedded Kafka broker and a worker on this machine, with state in ./.sluice. Records are JSON without schemas. Ports are 9092 and 8083, or the next free ones; .sluice/dev.json names them, and the other commands find them there.',
    )
    .argument('[connector...]', 'connectors to create, each a .properties or .json file')
    .option('--kafka-port <port>', 'the port of the broker', portNumber)
    .option('--rest-port <port>', 'the port of the REST API', portNumber)
  addLogOptions(dev).action(runDev)
}
