// For people: an Apache Kafka broker or an Apache Connect worker on this machine.
//
//   node --conditions=sluice-source test/support/apache/main.ts start-broker [port] [folder]
//   node --conditions=sluice-source test/support/apache/main.ts start-connect <bootstrap> [connector.properties…]
//   node --conditions=sluice-source test/support/apache/main.ts fetch
//
// Each stays until Ctrl-C.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startApacheBroker } from './apache-broker.ts'
import { startApacheConnect } from './apache-connect.ts'
import { apacheVersion, ensureApache } from './ensure-apache.ts'

const usage =
  'Usage: main.ts fetch | start-broker [port] [folder] | start-connect <bootstrap> [connector.properties…]\n'

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

async function runBroker(port: string | undefined, dataDir: string | undefined): Promise<void> {
  const broker = await startApacheBroker({ ...(port ? { port: Number(port) } : {}), ...(dataDir ? { dataDir } : {}) })
  process.stdout.write(`Apache Kafka ${apacheVersion} at ${broker.bootstrapServers}, log in ${broker.logFile}\n`)
  await interrupted()
  await broker.close()
}

/** The simple `key=value` lines of a properties file, enough for connector files written by hand. */
async function readConnector(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('=') && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).map((part) => part.trim())))
}

async function runConnect(bootstrap: string, files: readonly string[]): Promise<void> {
  const connectors = await Promise.all(files.map(readConnector))
  const worker = await startApacheConnect({ props: { 'bootstrap.servers': bootstrap }, connectors })
  process.stdout.write(`Apache Connect ${apacheVersion} at ${worker.url}, log in ${worker.logFile}\n`)
  await interrupted()
  await worker.close()
}

const { positionals } = parseArgs({ allowPositionals: true })
const [command, first, ...rest] = positionals
if (command === 'fetch') await ensureApache()
else if (command === 'start-broker') await runBroker(first, rest[0])
else if (command === 'start-connect' && first) await runConnect(first, rest)
else {
  process.stderr.write(usage)
  process.exitCode = 1
}
