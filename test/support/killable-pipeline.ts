// A pipeline to be killed: file source → topic → file sink in a worker of its own process, and what can be known of it
// from outside at any moment. The sink writes each record with its offset, so that repeats can be told apart.
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createKafkaClient, partitionKey } from '@sluice/kafka'
import type { AdminPort, KafkaClient } from '@sluice/kafka'
import { decodeJavaMap } from '../../packages/runtime/src/storage/java-map.ts'
import { arrivalsInFile, findDeliveryFault } from './delivery-oracle.ts'
import type { Crash } from './delivery-oracle.ts'
import { endOfLog } from './logged-process.ts'
import { lineNumber } from './numbered-lines.ts'
import type { NumberedFile } from './numbered-lines.ts'
import { startSluice } from './sluice-standalone.ts'
import type { StandaloneWorker } from './standalone-worker.ts'
import { readTopic, valueTexts } from './topic-records.ts'
import { waitUntil } from './wait-until.ts'

const topic = 'lines'
const patienceMs = 30_000
const partition = { topic, partition: 0 }
const string = 'org.apache.kafka.connect.storage.StringConverter'
const transforms = 'org.apache.kafka.connect.transforms'
// The source itself, so that the process id is the worker's and not the launcher's.
const workerMain = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')

/** Where the pipeline lives. */
export interface PipelineSetup {
  readonly dir: string
  /** The broker, to be watched. */
  readonly bootstrapServers: string
  /** The broker as the worker sees it, where that is another address. */
  readonly workerBootstrapServers?: string
  readonly input: NumberedFile
  /** How long the group waits for a member that was killed. Kafka's brokers insist on 6 seconds at least. */
  readonly sessionTimeoutMs?: number
}

/** What had arrived where, and what was committed. */
export interface Progress {
  readonly source: Crash
  readonly sink: Crash
}

function sinkLine(line: string, offset: number): string {
  return `Struct{line=${line},offset=${offset}}`
}

function connectors({ dir }: PipelineSetup): readonly Record<string, string>[] {
  return [
    {
      name: 'source',
      'connector.class': 'FileStreamSource',
      file: join(dir, 'in.txt'),
      topic,
      'batch.size': '40',
    },
    {
      name: 'sink',
      'connector.class': 'FileStreamSink',
      file: join(dir, 'out.txt'),
      topics: topic,
      transforms: 'hoist,where',
      'transforms.hoist.type': `${transforms}.HoistField$Value`,
      'transforms.hoist.field': 'line',
      'transforms.where.type': `${transforms}.InsertField$Value`,
      'transforms.where.offset.field': 'offset',
    },
  ]
}

/** The pipeline of one test. */
export class KillablePipeline {
  readonly outFile: string
  readonly #setup: PipelineSetup
  readonly #client: KafkaClient
  readonly #admin: AdminPort
  readonly #crashes: Progress[] = []
  #worker: StandaloneWorker | null = null
  #fed = 0

  constructor(setup: PipelineSetup) {
    this.#setup = setup
    this.outFile = join(setup.dir, 'out.txt')
    this.#client = createKafkaClient({ bootstrapServers: [setup.bootstrapServers], clientId: 'killable-pipeline' })
    this.#admin = this.#client.admin()
  }

  get worker(): StandaloneWorker {
    if (!this.#worker) throw new Error('the worker was not started')
    return this.#worker
  }

  /** The size of the whole input. */
  get bytes(): number {
    return this.#setup.input.content.length
  }

  async start(): Promise<void> {
    const { dir, bootstrapServers, sessionTimeoutMs = 6000 } = this.#setup
    const { workerBootstrapServers = bootstrapServers } = this.#setup
    this.#worker = await startSluice({
      dir,
      launcher: workerMain,
      env: { NODE_OPTIONS: '--conditions=sluice-source' },
      props: {
        'bootstrap.servers': workerBootstrapServers,
        'key.converter': string,
        'value.converter': string,
        'offset.flush.interval.ms': '100',
        // Many small requests: there is always one to stop at, in the midst of the work.
        'producer.batch.size': '1024',
        'consumer.max.partition.fetch.bytes': '4096',
        'consumer.max.poll.records': '30',
        'consumer.session.timeout.ms': String(sessionTimeoutMs),
        'consumer.heartbeat.interval.ms': '200',
      },
      connectors: connectors(this.#setup),
    })
  }

  /** Adds to the file what it lacks of its content up to this position. */
  async feed(position: number): Promise<void> {
    await appendFile(join(this.#setup.dir, 'in.txt'), this.#setup.input.content.subarray(this.#fed, position))
    this.#fed = position
  }

  /** Waits for something that the pipeline has to do; says where it is stuck if it does not. */
  async does(something: Promise<unknown>): Promise<void> {
    let isDone = false
    void something.then(() => (isDone = true))
    await this.#waitUntil(() => isDone, 'the moment to come')
  }

  /** Waits until the topic holds so many records. */
  async hasRecords(count: number): Promise<void> {
    await this.#waitUntil(async () => (await this.#endOffset()) >= count, `${count} records`)
  }

  /** What is known now. To be remembered as a crash before whatever is killed can come back. */
  async progress(): Promise<Progress> {
    const [records, committed, position] = await Promise.all([
      this.#endOffset(),
      this.#committedOffset(),
      this.#sourcePosition(),
    ])
    const file = await readFile(this.outFile).catch(() => Buffer.alloc(0))
    const wholeLines = file.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0)
    return {
      source: { seen: records, committed: this.#setup.input.lineAt(position) },
      sink: { seen: wholeLines, committed },
    }
  }

  /** A kill is judged by what was known no later than it. */
  crashed(before: Progress): void {
    this.#crashes.push(before)
  }

  /**
   * Cuts the sink's file where a crash of the machine could have cut it: anywhere behind the last committed record.
   * `part`, from 0 to 1, says where. Nothing may be writing.
   */
  async tear(part: number): Promise<void> {
    const committed = await this.#committedOffset()
    const content = await readFile(this.outFile).catch(() => Buffer.alloc(0))
    const last = content.lastIndexOf(`,offset=${committed - 1}}\n`)
    const safe = committed === 0 ? 0 : content.indexOf(0x0a, last) + 1
    if (committed > 0 && last === -1) throw new Error(`offset ${committed} is committed, but the file lacks it`)
    await truncate(this.outFile, safe + Math.floor((content.length - safe) * part))
  }

  /** Puts into the sink's file what a sink leaves that is killed at its first record: a part, cut within a character. */
  async leaveFragment(): Promise<void> {
    const record = Buffer.from(sinkLine(this.#setup.input.lines[0] ?? '', 0))
    const within = record.findIndex((byte) => byte >= 0x80) + 1
    if (within === 0) throw new Error('the first line has no character of more than one byte')
    await writeFile(this.outFile, record.subarray(0, within))
    this.crashed({ source: { seen: 0, committed: 0 }, sink: { seen: 0, committed: 0 } })
  }

  /** Feeds the rest and waits until every line has gone all the way and the offsets of both ends are committed. */
  async complete(): Promise<void> {
    const { lines, content } = this.#setup.input
    await this.feed(content.length)
    let state = ''
    const isComplete = async (): Promise<boolean> => {
      const position = await this.#sourcePosition()
      const end = await this.#endOffset()
      const committed = await this.#committedOffset()
      state = `position ${position} of ${content.length}, end offset ${end}, committed ${committed}`
      return position === content.length && committed === end && end >= lines.length
    }
    await this.#waitUntil(isComplete, 'everything to arrive', () => state)
  }

  /** What the topic or the file holds that it should not, or lacks; null when all is well. */
  async findFault(): Promise<string | null> {
    const { lines } = this.#setup.input
    const values = valueTexts(await readTopic(this.#client, topic))
    const numbers = values.map((value) => lineNumber(value ?? '') ?? -1)
    const changed = values.findIndex((value, offset) => value !== lines[numbers[offset] as number])
    if (changed !== -1)
      return `offset ${changed} holds ${JSON.stringify(values[changed])}, which is no line of the file`
    const inTopic = numbers.map((position) => ({ position, isTorn: false }))
    const sources = this.#crashes.map(({ source }) => source)
    const topicFault = findDeliveryFault(inTopic, lines.length, sources)
    if (topicFault !== null) return `topic: ${topicFault}`
    const inFile = arrivalsInFile(
      await readFile(this.outFile),
      (line) => Number(/,offset=(\d+)\}$/.exec(line)?.[1] ?? Number.NaN),
      (offset) => (values[offset] === undefined ? undefined : sinkLine(values[offset] ?? '', offset)),
    )
    const sinks = this.#crashes.map(({ sink }) => sink)
    const fileFault = findDeliveryFault(inFile, values.length, sinks)
    return fileFault === null ? null : `file: ${fileFault}`
  }

  async close(): Promise<void> {
    await this.#worker?.kill()
    await this.#client.close()
  }

  async #waitUntil(condition: () => boolean | Promise<boolean>, what: string, state = () => ''): Promise<void> {
    try {
      await waitUntil(condition, what, patienceMs)
    } catch (cause) {
      const log = this.#worker ? await endOfLog(this.#worker.logFile, 30) : 'no worker was started'
      throw new Error(`waited in vain for ${what}; ${state()}; the topic ends at ${await this.#endOffset()}\n${log}`, {
        cause,
      })
    }
  }

  async #endOffset(): Promise<number> {
    const found = (await this.#admin.describeTopics([topic])).get(topic)
    if (!found || found instanceof Error) return 0
    return (await this.#admin.listOffsets([{ ...partition, at: 'latest' }])).get(partitionKey(partition)) ?? 0
  }

  async #committedOffset(): Promise<number> {
    return (await this.#admin.listGroupOffsets('connect-sink')).get(partitionKey(partition)) ?? 0
  }

  async #sourcePosition(): Promise<number> {
    const bytes = await readFile(join(this.#setup.dir, 'connect.offsets')).catch(() => null)
    if (bytes === null || bytes.length === 0) return 0
    const [entry] = decodeJavaMap(bytes)
    return (JSON.parse(entry?.[1]?.toString('utf8') ?? '{}') as { position?: number }).position ?? 0
  }
}
