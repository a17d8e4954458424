// `npm run demo`: a real pipeline, visible, from nothing. Public data flows from files through transforms into Kafka
// topics and from there into a file, on a broker and a worker that run on this machine alone; in the end every line is
// compared with the source. Stays up until Ctrl-C; `--exit` ends it.
import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs, styleText } from 'node:util'
import { createKafkaClient, partitionKey } from '@sluice/kafka'
import type { AdminPort } from '@sluice/kafka'
import { createRestClient } from '@sluice/rest-api'
import type { RestClient } from '@sluice/rest-api'
import { readDevAddress, removeDevAddress, writeDevAddress } from '../packages/cli/src/worker-address.ts'
import { findDifference } from './demo/check-output.ts'
import { writeDataSets } from './demo/data-sets.ts'
import type { DataSet } from './demo/data-sets.ts'
import { startDevWorker } from './demo/dev-worker.ts'
import type { DevWorker } from './demo/dev-worker.ts'
import { outputFile, sinkConnector, sourceConnectors, topicOf } from './demo/pipeline.ts'
import { startProgress, thousands } from './demo/progress.ts'
import type { Progress } from './demo/progress.ts'

const root = join(import.meta.dirname, '..')
const defaultFolder = join(root, '.sluice', 'demo')
const LOOK_MS = 40
const STATUS_EVERY = 25
const LIMIT_MS = 120_000
const NEWLINE = 0x0a
const CHUNK = 1 << 20

function say(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** Counts the lines of a growing file, reading only what is new. */
function lineCounter(file: string): () => number {
  const chunk = Buffer.allocUnsafe(CHUNK)
  let position = 0
  let lines = 0
  return () => {
    if (!existsSync(file)) return 0
    const descriptor = openSync(file, 'r')
    for (;;) {
      const read = readSync(descriptor, chunk, 0, CHUNK, position)
      position += read
      for (let at = chunk.indexOf(NEWLINE); at !== -1 && at < read; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1
      if (read < CHUNK) break
    }
    closeSync(descriptor)
    return lines
  }
}

async function recordsIn(admin: AdminPort, sets: readonly DataSet[]): Promise<number> {
  const found = await admin.describeTopics(sets.map(topicOf))
  const there = sets.map(topicOf).filter((topic) => found.has(topic) && !(found.get(topic) instanceof Error))
  const ends = await admin.listOffsets(there.map((topic) => ({ topic, partition: 0, at: 'latest' as const })))
  return there.reduce((sum, topic) => sum + (ends.get(partitionKey({ topic, partition: 0 })) ?? 0), 0)
}

/** Throws when a connector or task has failed, or the worker is gone: nothing more would arrive. */
async function requireHealthy(rest: RestClient, worker: DevWorker): Promise<void> {
  if (!worker.isRunning()) throw new Error(`the worker ended:\n${worker.endOfLog()}`)
  for (const name of await rest.listConnectors()) {
    const status = await rest.connectorStatus(name)
    const failed = [status.connector, ...status.tasks].find(({ state }) => state === 'FAILED')
    if (failed) throw new Error(`${name} has failed: ${failed.trace ?? 'no trace'}`)
  }
}

interface Watched {
  readonly worker: DevWorker
  readonly rest: RestClient
  readonly sets: readonly DataSet[]
  readonly output: string
  readonly total: number
}

/** Watches both halves until everything has arrived. */
async function watch(watched: Watched, progress: Progress): Promise<void> {
  const { worker, total } = watched
  const client = createKafkaClient({ bootstrapServers: [worker.bootstrapServers], clientId: 'demo' })
  const admin = client.admin()
  const countLines = lineCounter(watched.output)
  const end = performance.now() + LIMIT_MS
  let written = 0
  let arrived = 0
  try {
    for (let turn = 1; written < total || arrived < total; turn += 1) {
      if (written < total) written = await recordsIn(admin, watched.sets)
      arrived = countLines()
      progress.advance(0, written)
      progress.advance(1, arrived)
      if (turn % STATUS_EVERY === 0) await requireHealthy(watched.rest, worker)
      if (performance.now() > end) {
        throw new Error(
          `after ${LIMIT_MS / 1000} s only ${arrived} of ${total} lines have arrived, see ${worker.logFile}`,
        )
      }
      await pause(LOOK_MS)
    }
  } finally {
    progress.finish()
    await client.close()
  }
}

async function runPipeline(folder: string, sets: readonly DataSet[], worker: DevWorker): Promise<void> {
  const rest = createRestClient(worker.url)
  const total = sets.reduce((sum, set) => sum + set.lines.length, 0)
  const output = outputFile(folder)
  say(
    `  ${styleText('bold', 'Pipeline')}  ${sets.length} × FileStreamSource → HoistField, InsertField, RegexRouter → ${sets.length} topics → FileStreamSink\n`,
  )
  const progress = startProgress([{ label: 'files → Kafka', goal: total }, { label: 'Kafka → file ', goal: total }], process.stdout) // prettier-ignore
  await rest.createConnector(sinkConnector(sets, folder))
  for (const connector of sourceConnectors(sets)) await rest.createConnector(connector)
  await watch({ worker, rest, sets, output, total }, progress)
  const difference = await findDifference(output, sets)
  if (difference) throw new Error(difference)
  const megabytes = (statSync(output).size / 1e6).toFixed(1)
  say(
    `\n  ${styleText('green', '✓')} every line arrived once and in order: ${thousands(total)} lines, ${megabytes} MB in ${output}`,
  )
  say(
    `  ${thousands(progress.rate(0))} lines/s from the files into Kafka, ${thousands(progress.rate(1))} lines/s into the file; both at once, on this machine`,
  )
}

/** `urlOption` for when the commands would not find this worker by themselves. */
function explain(worker: DevWorker, urlOption: string): void {
  say(
    `\n  ${styleText('bold', 'It is still running.')} REST at ${worker.url}, Kafka at ${worker.bootstrapServers}. Try, in another terminal:\n`,
  )
  say(`    npx sluice connectors list${urlOption}`)
  say(`    npx sluice connectors show football${urlOption}`)
  say(`    npx sluice connectors status${urlOption}`)
  say('\n  Ctrl-C stops it.')
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

async function demo(folder: string, exits: boolean): Promise<void> {
  if (readDevAddress(folder)) throw new Error(`a demo runs in ${folder} already: stop it with Ctrl-C first.`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const stop = interrupted()
  say(
    `\n  ${styleText('bold', 'Sluice demo')}  no Kafka and no JVM: an embedded broker and a worker, state in ${folder}\n`,
  )
  const sets = writeDataSets(join(folder, 'input'))
  for (const set of sets)
    say(`  ${set.name.padEnd(9)} ${thousands(set.lines.length).padStart(7)} lines   ${set.attribution}`)
  say()
  const worker = await startDevWorker(folder)
  // So that `npx sluice …` in the clone finds this worker; a `sluice dev` of the clone itself keeps its place.
  const isFound = folder === defaultFolder && readDevAddress(root) === null
  if (isFound) writeDevAddress({ pid: process.pid, url: worker.url, bootstrapServers: worker.bootstrapServers }, root)
  try {
    const ended = await Promise.race([runPipeline(folder, sets, worker).then(() => false), stop.then(() => true)])
    if (ended || exits) return
    explain(worker, isFound ? '' : ` --url ${worker.url}`)
    await stop
  } finally {
    say('\n  Stopping…')
    if (isFound) removeDevAddress(root)
    await worker.stop()
  }
}

const { values } = parseArgs({
  options: {
    exit: { type: 'boolean', default: false },
    folder: { type: 'string', default: defaultFolder },
  },
})
try {
  await demo(values.folder, values.exit)
} catch (error) {
  say(`\n  ${styleText('red', '✗')} ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
