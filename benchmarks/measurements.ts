// What is measured, one function each: they start a worker, measure, and stop it again.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { KafkaClient } from '@sluice/kafka'
import { partitionKey } from '@sluice/kafka'
import { endOfLog } from '../test/support/logged-process.ts'
import type { StandaloneWorker } from '../test/support/standalone-worker.ts'
import { settledMemory } from './memory.ts'
import type { TreeMemory } from './memory.ts'
import { treeCpuSeconds } from './process-tree.ts'
import { createConnector, requireRunning, workerProps } from './products.ts'
import type { Product } from './products.ts'
import { growthRate } from './rate.ts'
import type { Rate } from './rate.ts'

const READY_STEP_MS = 5
const LIMIT_MS = 180_000

/** Where the measurements happen. */
export interface Bench {
  readonly bootstrapServers: string
  readonly client: KafkaClient
  /** Folder of the run; every worker gets one of its own in it. */
  readonly dir: string
}

function answers200(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(`${url}/connectors`, { agent: false }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode === 200))
      answer.on('error', () => resolve(false))
    })
    asked.on('error', () => resolve(false))
    asked.end()
  })
}

async function untilReady(worker: StandaloneWorker): Promise<void> {
  const end = performance.now() + LIMIT_MS
  while (!(await answers200(worker.url))) {
    if (!worker.isRunning())
      throw new Error(`${worker.name} ended before it was ready\n${await endOfLog(worker.logFile)}`)
    if (performance.now() > end) throw new Error(`${worker.name} was not ready after ${LIMIT_MS / 1000} s`)
    await pause(READY_STEP_MS)
  }
}

async function withWorker<T>(
  bench: Bench,
  product: Product,
  measure: (worker: StandaloneWorker) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(bench.dir, 'worker-'))
  const worker = await product.spawn({ dir, props: workerProps(bench.bootstrapServers) })
  try {
    return await measure(worker)
  } finally {
    await worker.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Milliseconds from the start of the process to the first 200 on GET /connectors. */
export function measureReady(bench: Bench, product: Product): Promise<number> {
  return withWorker(bench, product, async (worker) => {
    const { startedAt } = worker
    await untilReady(worker)
    return performance.now() - startedAt
  })
}

/** Of a worker without connectors, and with one that has read its file and waits for more. */
export interface IdleMemory {
  readonly none: TreeMemory
  readonly one: TreeMemory
}

/** Memory over all processes of a worker that has nothing to do. */
export function measureIdle(bench: Bench, product: Product, file: string): Promise<IdleMemory> {
  return withWorker(bench, product, async (worker) => {
    await untilReady(worker)
    const none = await settledMemory(worker.pid)
    await createConnector(worker.url, 'idle', { 'connector.class': 'FileStreamSource', file, topic: 'idle' })
    await requireRunning(worker.url, 'idle')
    return { none, one: await settledMemory(worker.pid) }
  })
}

async function topicEnd(client: KafkaClient, topic: string): Promise<number> {
  const partition = { topic, partition: 0 }
  const admin = client.admin()
  try {
    const ends = await admin.listOffsets([{ ...partition, at: 'latest' }])
    return ends.get(partitionKey(partition)) ?? 0
  } finally {
    await admin.close()
  }
}

/** How fast a worker moved records, and the processor time that it used for a million of them. */
export interface Throughput extends Rate {
  readonly cpuSecondsPerMillion: number
}

/** Runs a connector to its goal. The processor time holds the start of the task, the rate does not. */
async function throughput(worker: StandaloneWorker, records: number, move: () => Promise<Rate>): Promise<Throughput> {
  const before = treeCpuSeconds(worker.pid)
  const rate = await move()
  return { ...rate, cpuSecondsPerMillion: ((treeCpuSeconds(worker.pid) - before) * 1e6) / records }
}

/** Lines a second from a file of `lines` lines into a topic that was made for it, by the topic's end offset. */
export function measureSource(bench: Bench, product: Product, file: string, lines: number): Promise<Throughput> {
  const name = `source-${product.name === 'Sluice' ? 'sluice' : 'apache'}-${Date.now()}`
  return withWorker(bench, product, async (worker) => {
    const admin = bench.client.admin()
    await admin.createTopics([{ name, partitions: 1, replicationFactor: 1 }])
    await untilReady(worker)
    await worker.ready()
    const measured = await throughput(worker, lines, async () => {
      await createConnector(worker.url, name, { 'connector.class': 'FileStreamSource', file, topic: name })
      return growthRate({
        what: `lines of ${worker.name} in ${name}`,
        goal: lines,
        look: () => topicEnd(bench.client, name),
        check: () => requireRunning(worker.url, name),
        limitMs: LIMIT_MS,
      })
    })
    await admin.deleteTopics([name])
    await admin.close()
    return measured
  })
}

/** Records a second from a filled topic into a file, by the size of the file. */
export function measureSink(bench: Bench, product: Product, topic: FilledTopic): Promise<Throughput> {
  const name = `sink-${product.name === 'Sluice' ? 'sluice' : 'apache'}-${Date.now()}`
  return withWorker(bench, product, async (worker) => {
    const file = join(bench.dir, `${name}.txt`)
    await untilReady(worker)
    await worker.ready()
    const bytesPerRecord = topic.valueBytes + 1
    const size = async (): Promise<number> => {
      const found = await stat(file).catch(() => null)
      return found?.size ?? 0
    }
    const measured = await throughput(worker, topic.records, async () => {
      await createConnector(worker.url, name, { 'connector.class': 'FileStreamSink', file, topics: topic.name })
      const bytes = await growthRate({
        what: `bytes of ${worker.name} in ${file}`,
        goal: topic.records * bytesPerRecord,
        look: size,
        check: () => requireRunning(worker.url, name),
        limitMs: LIMIT_MS,
      })
      return { whole: bytes.whole / bytesPerRecord, secondHalf: bytes.secondHalf / bytesPerRecord }
    })
    await rm(file)
    return measured
  })
}

/** A topic of equal-sized text records. */
export interface FilledTopic {
  readonly name: string
  readonly records: number
  readonly valueBytes: number
}
