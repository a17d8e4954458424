// `npm run bench`: Sluice beside Apache Connect, on one Apache broker, in turns. See README.md for the method.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createKafkaClient } from '@sluice/kafka'
import { startApacheBroker } from '../test/support/apache/apache-broker.ts'
import { ensureApache } from '../test/support/apache/ensure-apache.ts'
import { launcherInClone } from '../test/support/sluice-standalone.ts'
import { fillTopic, writeLines } from './data.ts'
import { measureIdle, measureReady, measureSink, measureSource } from './measurements.ts'
import type { Bench, FilledTopic, Throughput } from './measurements.ts'
import { products } from './products.ts'
import type { Product } from './products.ts'
import { report, summary } from './report.ts'
import type { Series } from './report.ts'

const root = join(import.meta.dirname, '..')
const work = join(import.meta.dirname, '.work')
const packed = join(work, 'packed')
const home = join(work, 'home')

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'ready,idle,source,sink' },
    rounds: { type: 'string', default: '3' },
    lines: { type: 'string', default: '400000' },
    records: { type: 'string', default: '1500000' },
    'long-records': { type: 'string', default: '500000' },
    installed: { type: 'string' },
    clone: { type: 'boolean', default: false },
    output: { type: 'string' },
  },
})
const rounds = Number(options.rounds)
const lines = Number(options.lines)
const LINE_BYTES = 590
const SPARE_LINES = 100
const SHORT_RECORD_BYTES = 100

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}

function npm(args: readonly string[], cwd: string): void {
  const cli = process.env['npm_execpath']
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []]
  execFileSync(command, [...first, ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Builds, packs and installs the clone into an empty folder, as a user would get it. */
function installPacked(): string {
  for (const folder of [packed, home]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const build = [join(root, 'scripts', 'build.ts'), '--pack', packed]
  execFileSync(process.execPath, ['--conditions=sluice-source', ...build], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  writeFileSync(join(home, 'package.json'), '{"name":"home","private":true}')
  const tarballs = readdirSync(packed).map((file) => join(packed, file))
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], home)
  return home
}

function launcherOf(installation: string): string {
  return join(installation, 'node_modules', '@sluice', 'cli', 'bin', 'sluice.js')
}

/** What is measured, and in words for the report. */
function chooseLauncher(): readonly [launcher: string, words: string] {
  if (options.clone) return [launcherInClone, 'the source in the clone']
  if (options.installed) return [launcherOf(options.installed), `the installation in ${options.installed}`]
  return [launcherOf(installPacked()), 'packages built, packed and installed in an empty folder']
}

/** Measures each product once a round, in turns, so that a slower hour of the machine hits both. */
async function inTurns(
  all: readonly Product[],
  measure: (product: Product) => Promise<readonly number[]>,
): Promise<readonly (readonly number[][])[]> {
  const figures: number[][][] = all.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, product] of all.entries()) {
      const measured = await measure(product)
      console.log(`  round ${round + 1}, ${product.name}: ${measured.map((value) => value.toPrecision(4)).join(', ')}`)
      figures[index]?.push([...measured])
    }
  }
  return figures
}

type Described = Pick<Series, 'title' | 'unit' | 'aim'>

async function series(
  all: readonly Product[],
  described: readonly Described[],
  measure: (product: Product) => Promise<readonly number[]>,
): Promise<readonly Series[]> {
  console.log(described.map(({ title }) => title).join('; '))
  const [apache = [], sluice = []] = await inTurns(all, measure)
  const column = (figures: readonly number[][], index: number): number[] =>
    figures.map((round) => round[index] ?? Number.NaN)
  return described.map((one, index) => ({ ...one, apache: column(apache, index), sluice: column(sluice, index) }))
}

/** What `figures` gives, in its order. */
function throughputRows(title: string, what: string, atLeast: number): readonly Described[] {
  return [
    { title, unit: `${what}/s`, aim: { atLeast } },
    { title: `${title}, second half`, unit: `${what}/s`, aim: null },
    { title: `${title}, processor time`, unit: `s a million ${what}`, aim: null },
  ]
}

function figures({ whole, secondHalf, cpuSecondsPerMillion }: Throughput): readonly number[] {
  return [whole, secondHalf, cpuSecondsPerMillion]
}

async function measureAll(bench: Bench, all: readonly Product[]): Promise<readonly Series[]> {
  const only = new Set(options.only.split(','))
  const results: Series[] = []
  if (only.has('ready')) {
    const described = [{ title: 'worker ready', unit: 'ms', aim: { atMost: 0.2 } }]
    results.push(...(await series(all, described, async (product) => [await measureReady(bench, product)])))
  }
  if (only.has('idle')) {
    const small = join(bench.dir, 'small.txt')
    await writeLines(small, 10, LINE_BYTES)
    const aim = { atMost: 0.5 }
    const described = [
      { title: 'idle memory, no connector', unit: 'MiB PSS', aim },
      { title: 'idle memory, one connector', unit: 'MiB PSS', aim },
      { title: 'idle memory, no connector, as if alone', unit: 'MiB', aim: null },
      { title: 'idle memory, one connector, as if alone', unit: 'MiB', aim: null },
    ]
    const measure = async (product: Product): Promise<readonly number[]> => {
      const { none, one } = await measureIdle(bench, product, small)
      return [none.shared, one.shared, none.alone, one.alone]
    }
    results.push(...(await series(all, described, measure)))
  }
  if (only.has('source')) {
    const file = join(bench.dir, 'lines.txt')
    // Some more than are waited for: Apache's source can hold back lines at the end of a file that no longer grows.
    await writeLines(file, lines + SPARE_LINES, LINE_BYTES)
    const described = throughputRows(`file source, lines of ${LINE_BYTES} bytes`, 'lines', 4)
    const measure = async (product: Product): Promise<readonly number[]> =>
      figures(await measureSource(bench, product, file, lines))
    results.push(...(await series(all, described, measure)))
    rmSync(file)
  }
  if (only.has('sink')) {
    const topics: readonly FilledTopic[] = [
      { name: 'short-records', records: Number(options.records), valueBytes: SHORT_RECORD_BYTES },
      { name: 'long-records', records: Number(options['long-records']), valueBytes: LINE_BYTES },
    ]
    for (const topic of topics) {
      await fillTopic(bench.client, topic)
      const described = throughputRows(`file sink, records of ${topic.valueBytes} bytes`, 'records', 1.2)
      const measure = async (product: Product): Promise<readonly number[]> =>
        figures(await measureSink(bench, product, topic))
      results.push(...(await series(all, described, measure)))
    }
  }
  return results
}

process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const { java } = await ensureApache()
const javaVersion = execFileSync(java, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? ''
const [launcher, measured] = chooseLauncher()
const dir = join(work, `run-${process.pid}`)
mkdirSync(dir, { recursive: true })
const loadBefore = loadavg()
const broker = await startApacheBroker({
  dataDir: join(dir, 'broker'),
  heapMb: 1024,
  // A deleted topic gives its disk space back at once, so that the rounds do not fill the disk.
  props: { 'log.segment.delete.delay.ms': '100' },
})
const client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'benchmark' })
try {
  const results = await measureAll({ bootstrapServers: broker.bootstrapServers, client, dir }, products(launcher))
  const date = new Date().toISOString().slice(0, 10)
  const commit =
    git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '-changed' : '')
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
  const parameters = { rounds, lines, 'short records': options.records, 'long records': options['long-records'] }
  const facts = { date, commit, command, measured, java: javaVersion, loadBefore, loadAfter: loadavg(), parameters }
  const target = options.output ?? join(import.meta.dirname, 'results', `${date}-${commit}.md`)
  mkdirSync(join(target, '..'), { recursive: true })
  writeFileSync(target, report(facts, results))
  for (const one of results) console.log(summary(one))
  console.log(`Written to ${target}`)
} finally {
  await client.close()
  await broker.close()
  for (const folder of [dir, packed, home]) rmSync(folder, { recursive: true, force: true })
}
