import { type Logger, RetriableError, Schema, type SourceRecordInput } from '@sluice/api'
import { createSimpleHeaderConverter, createStringConverter } from '@sluice/converters'
import { KafkaError, type ProducerPort, type ProducerRecord, type SendListener } from '@sluice/kafka'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskReport } from '../hosts/host-protocol.ts'
import type { StoredOffset } from '../storage/offset-store.ts'
import { LeaseHolder } from './lease-holder.ts'
import { noMark, PluginCalls } from './plugin-calls.ts'
import { RecordPipeline } from './record-pipeline.ts'
import { deliverAtLeastOnce } from './source-delivery.ts'
import { createSourceOffsets, OffsetCodec } from './source-offsets.ts'
import { runSourceTask } from './source-task-runner.ts'
import { TransformChain } from './transform-chain.ts'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** A producer in memory: takes so many records and answers them when it is told to. */
class BoundedProducer implements ProducerPort {
  readonly capacity: number
  readonly sent: { readonly record: ProducerRecord; readonly listener: SendListener; readonly token: unknown }[] = []
  answered = 0
  isClosed = false
  #ready: (() => void)[] = []

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get inFlight(): number {
    return this.sent.length - this.answered
  }

  send(record: ProducerRecord, listener: SendListener, token: unknown): boolean {
    if (this.inFlight >= this.capacity) return false
    this.sent.push({ record, listener, token })
    return true
  }

  acknowledge(count: number): void {
    for (let left = Math.min(count, this.inFlight); left > 0; left -= 1) {
      const next = this.sent[this.answered]!
      this.answered += 1
      next.listener.acknowledged(next.token, 0, this.answered - 1, 0)
    }
    for (const ready of this.#ready.splice(0)) ready()
  }

  refuseNext(): void {
    const next = this.sent[this.answered]!
    this.answered += 1
    next.listener.failed(next.token, new KafkaError('MESSAGE_TOO_LARGE', 'too large'))
  }

  ready(): Promise<void> {
    if (this.inFlight < this.capacity) return Promise.resolve()
    return new Promise((resolve) => this.#ready.push(resolve))
  }

  async flush(): Promise<void> {}
  partitionsFor(): Promise<never> {
    return Promise.reject(new Error('nobody asks'))
  }
  async close(): Promise<void> {
    this.isClosed = true
  }
}

interface Scene {
  readonly producer: BoundedProducer
  readonly lease: LeaseHolder
  readonly reports: TaskReport[]
  readonly written: StoredOffset[]
  /** Numbers that the task was asked for so far. */
  polled: number
  isStoreBroken: boolean
  readonly runner: ReturnType<typeof runSourceTask>
}

interface SceneOptions {
  readonly capacity?: number
  readonly batch?: number
  readonly poll?: (next: number) => readonly SourceRecordInput[] | null
  readonly total?: number
  readonly flushIntervalMs?: number
}

function start({
  capacity = 1_000,
  batch = 7,
  poll,
  total = Infinity,
  flushIntervalMs = 2 ** 30,
}: SceneOptions): Scene {
  const producer = new BoundedProducer(capacity)
  const lease = new LeaseHolder(() => 0)
  lease.offer({ epoch: 1, expiresAtMs: 1 })
  const reports: TaskReport[] = []
  const written: StoredOffset[] = []
  const codec = new OffsetCodec()
  const scene = { producer, lease, reports, written, polled: 0, isStoreBroken: false }
  const texts = {
    read: async () => [],
    write: async (offsets: readonly StoredOffset[]) => {
      if (scene.isStoreBroken) throw new Error('the store is broken')
      written.push(...offsets)
    },
  }
  const calls = new PluginCalls(noMark)
  const host = {
    ref: { connector: 'x', task: 0, epoch: 1 },
    label: 'x-0',
    lease,
    calls,
    log: silent,
    flushIntervalMs,
    flushTimeoutMs: 50,
    report: (report: TaskReport) => reports.push(report),
  }
  const records = (from: number, count: number): SourceRecordInput[] =>
    Array.from({ length: count }, (_, index) => ({
      topic: 't',
      sourcePartition: { id: 1 },
      sourceOffset: { next: from + index + 1 },
      valueSchema: Schema.string,
      value: String(from + index),
    }))
  const string = createStringConverter()
  const runner = runSourceTask({
    host,
    target: 'STARTED',
    taskConfig: {},
    offsets: createSourceOffsets(codec, texts),
    pipeline: new RecordPipeline({
      task: { stage: 'TASK_POLL', className: 'a.Task' },
      chain: new TransformChain([]),
      key: { step: { stage: 'KEY_CONVERTER', className: 'a' }, converter: string },
      value: { step: { stage: 'VALUE_CONVERTER', className: 'a' }, converter: string },
      header: { step: { stage: 'HEADER_CONVERTER', className: 'a' }, converter: createSimpleHeaderConverter() },
    }),
    producer,
    startTask: () => ({
      poll: () => {
        if (poll) return poll(scene.polled)
        const from = scene.polled
        scene.polled = Math.min(from + batch, total)
        return from === scene.polled ? null : records(from, scene.polled - from)
      },
    }),
    deliver: (task) =>
      deliverAtLeastOnce({ task, taskLabel: 'x-0', codec, texts, calls, log: silent, mayCommit: () => lease.holds() }),
  })
  return Object.assign(scene, { runner })
}

/** Lets the loop go on until it can go no further by itself. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

function lastStored(scene: Scene): number {
  const text = scene.written.at(-1)?.offset
  return text === undefined || text === null ? 0 : Number((JSON.parse(text) as { next: number }).next)
}

test('the source is not polled while the producer takes nothing: at most a batch is held besides (I9)', async () => {
  const scene = start({ capacity: 20, batch: 7 })
  await settle()
  expect(scene.producer.sent).toHaveLength(20)
  expect(scene.polled).toBe(21)
  scene.producer.acknowledge(1)
  await settle()
  expect(scene.producer.sent).toHaveLength(21)
  expect(scene.polled - scene.producer.sent.length).toBeLessThanOrEqual(7)
  scene.producer.acknowledge(21)
  await scene.runner.stop()
  expect(lastStored(scene)).toBe(scene.producer.answered)
})

test('whatever is acknowledged when, memory stays bounded and only what was acknowledged is stored (I2, I9)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 }),
      async (capacity, batch, acknowledgements) => {
        const scene = start({ capacity, batch })
        for (const count of acknowledgements) {
          await settle()
          expect(scene.producer.inFlight).toBeLessThanOrEqual(capacity)
          expect(scene.polled - scene.producer.sent.length).toBeLessThanOrEqual(batch)
          scene.producer.acknowledge(count)
        }
        await settle()
        const stopping = scene.runner.stop()
        const { answered } = scene.producer
        await stopping
        expect(lastStored(scene)).toBe(answered)
        const values = scene.producer.sent.map(({ record }) => Number(Buffer.from(record.value!).toString()))
        expect(values).toEqual(values.map((_, index) => index))
        expect(scene.reports.map(({ state }) => state)).toEqual(['running', 'stopped'])
      },
    ),
    { seed: 9, numRuns: 15 },
  )
}, 60_000)

test('an offset that could not be stored is stored with the next commit', async () => {
  const scene = start({ total: 7, flushIntervalMs: 1 })
  scene.isStoreBroken = true
  await settle()
  scene.producer.acknowledge(7)
  await settle()
  expect(scene.written).toEqual([])
  scene.isStoreBroken = false
  await scene.runner.stop()
  expect(lastStored(scene)).toBe(7)
})

test('a record that Kafka refuses fails the task; what was acknowledged before it is stored, nothing behind it', async () => {
  const scene = start({ total: 7 })
  await settle()
  scene.producer.acknowledge(3)
  scene.producer.refuseNext()
  scene.producer.acknowledge(3)
  await scene.runner.ended
  expect(lastStored(scene)).toBe(3)
  expect(scene.reports.at(-1)).toMatchObject({
    state: 'failed',
    trace: expect.stringMatching(/^ConnectError: Unrecoverable exception from producer send callback[^]*too large/),
  })
})

test('a RetriableError of poll is asked again, any other error fails the task after its last commit', async () => {
  let polls = 0
  const scene = start({
    poll: () => {
      polls += 1
      if (polls < 4) throw new RetriableError('later')
      if (polls > 5) throw new Error('broken')
      return [{ topic: 't', sourcePartition: { id: 1 }, sourceOffset: { next: polls }, value: null }]
    },
  })
  while (scene.producer.sent.length < 2) await settle()
  scene.producer.acknowledge(2)
  await scene.runner.ended
  expect(lastStored(scene)).toBe(5)
  expect(scene.reports.at(-1)).toMatchObject({ state: 'failed', trace: expect.stringMatching(/^Error: broken/) })
  expect(scene.producer.isClosed).toBe(true)
})

test('without its lease a task neither polls nor sends nor stores (I6)', async () => {
  const scene = start({ capacity: 10, batch: 7 })
  await settle()
  scene.lease.end()
  scene.producer.acknowledge(10)
  await settle()
  const { polled } = scene
  expect(scene.producer.sent.length).toBeLessThanOrEqual(11)
  await settle()
  expect(scene.polled).toBe(polled)
  await scene.runner.stop()
  expect(scene.written).toEqual([])
})

test('a paused task is not polled, and goes on where it was', async () => {
  const scene = start({ capacity: 1_000, batch: 1 })
  await settle()
  scene.runner.pause()
  await settle()
  const { polled } = scene
  await settle()
  expect(scene.polled).toBe(polled)
  scene.runner.resume()
  await settle()
  expect(scene.polled).toBeGreaterThan(polled)
  scene.producer.acknowledge(10_000)
  await scene.runner.stop()
  expect(scene.reports.map(({ state }) => state)).toEqual(['running', 'paused', 'running', 'stopped'])
})

test('abandoned, it says nothing more and stores nothing more (I6)', async () => {
  const scene = start({ capacity: 5, batch: 7 })
  await settle()
  scene.runner.abandon()
  scene.producer.acknowledge(5)
  await scene.runner.ended
  expect(scene.reports).toEqual([{ state: 'running' }])
  expect(scene.written).toEqual([])
})
