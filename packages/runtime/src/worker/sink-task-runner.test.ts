import { type Logger, RetriableError, type SinkRecord, type SinkTask, type SinkTaskContext } from '@sluice/api'
import type { TopicPartition } from '@sluice/api'
import { createSimpleHeaderConverter, createStringConverter } from '@sluice/converters'
import { type CommitOffset, type ConsumerPort, type FetchedBatch, KafkaError, partitionKey } from '@sluice/kafka'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskReport } from '../hosts/host-protocol.ts'
import { LeaseHolder } from './lease-holder.ts'
import { noMark, PluginCalls } from './plugin-calls.ts'
import { RecordPipeline } from './record-pipeline.ts'
import { runSinkTask, type SinkTaskRunner } from './sink-task-runner.ts'
import { TransformChain } from './transform-chain.ts'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** A consumer of logs in memory: partition p holds `length` records, the text of each its offset. */
class MemoryConsumer implements ConsumerPort {
  readonly length: number
  readonly stored = new Map<string, number>()
  readonly positions = new Map<string, number>()
  unreleased = 0
  isClosed = false
  /** What the next calls do instead of working. */
  readonly failures: { poll: Error[]; committed: Error[]; commit: Error[] } = { poll: [], committed: [], commit: [] }
  #assigned: readonly TopicPartition[] = []
  #paused = new Set<string>()
  #wake: (() => void) | null = null
  #isWoken = false

  constructor(length: number) {
    this.length = length
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#assigned = partitions
    const keys = new Set(partitions.map(partitionKey))
    for (const key of this.positions.keys()) if (!keys.has(key)) this.positions.delete(key)
    this.#paused = new Set([...this.#paused].filter((key) => keys.has(key)))
  }
  assignment(): readonly TopicPartition[] {
    return this.#assigned
  }
  async poll(timeoutMs: number, maxRecords: number): Promise<readonly FetchedBatch[]> {
    const failure = this.failures.poll.shift()
    if (failure) throw failure
    const batches = this.#assigned
      .filter((partition) => !this.#paused.has(partitionKey(partition)))
      .flatMap((partition) => this.#take(partition, maxRecords))
    if (batches.length > 0 || this.#isWoken) {
      this.#isWoken = false
      return batches
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(timeoutMs, 2 ** 30))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
    return []
  }
  #take({ topic, partition }: TopicPartition, maxRecords: number): readonly FetchedBatch[] {
    const key = partitionKey({ topic, partition })
    const from = this.positions.get(key) ?? this.stored.get(key) ?? 0
    const count = Math.min(this.length - from, maxRecords)
    if (count <= 0) return []
    this.positions.set(key, from + count)
    this.unreleased += 1
    return [
      {
        topic,
        partition,
        leaderEpoch: -1,
        timestampType: 'CreateTime',
        count,
        nextOffset: from + count,
        offset: (index) => from + index,
        timestamp: () => 0,
        key: () => null,
        value: (index) => Buffer.from(String(from + index)),
        headers: () => [],
        release: () => (this.unreleased -= 1),
      },
    ]
  }
  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#paused.add(partitionKey(partition))
  }
  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#paused.delete(partitionKey(partition))
  }
  paused(): readonly TopicPartition[] {
    return this.#assigned.filter((partition) => this.#paused.has(partitionKey(partition)))
  }
  seek(partition: TopicPartition, offset: number): void {
    this.positions.set(partitionKey(partition), offset)
  }
  async position(partition: TopicPartition): Promise<number> {
    return this.positions.get(partitionKey(partition)) ?? 0
  }
  async commit(offsets: readonly CommitOffset[]): Promise<void> {
    const failure = this.failures.commit.shift()
    if (failure) throw failure
    for (const { offset, ...partition } of offsets) this.stored.set(partitionKey(partition), offset)
  }
  async committed(_group: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    const failure = this.failures.committed.shift()
    if (failure) throw failure
    return new Map(
      partitions.flatMap((partition) => {
        const offset = this.stored.get(partitionKey(partition))
        return offset === undefined ? [] : [[partitionKey(partition), offset] as const]
      }),
    )
  }
  beginningOffsets = async (): Promise<ReadonlyMap<string, number>> => new Map()
  endOffsets = async (): Promise<ReadonlyMap<string, number>> => new Map()
  wakeup(): void {
    if (this.#wake) this.#wake()
    else this.#isWoken = true
  }
  async close(): Promise<void> {
    this.isClosed = true
    this.wakeup()
  }
}

const generation = { groupId: 'connect-x', memberId: 'm', generationId: 1 }
const tp = (partition: number): TopicPartition => ({ topic: 't', partition })

interface Scene {
  readonly consumer: MemoryConsumer
  readonly lease: LeaseHolder
  readonly reports: TaskReport[]
  readonly runner: SinkTaskRunner
}

function start(length: number, makeTask: (context: SinkTaskContext) => SinkTask, flushIntervalMs = 2 ** 30): Scene {
  const consumer = new MemoryConsumer(length)
  const lease = new LeaseHolder(() => 0)
  lease.offer({ epoch: 1, expiresAtMs: 1 })
  const reports: TaskReport[] = []
  const string = createStringConverter()
  const runner = runSinkTask({
    host: {
      ref: { connector: 'x', task: 0, epoch: 1 },
      label: 'x-0',
      lease,
      calls: new PluginCalls(noMark),
      log: silent,
      flushIntervalMs,
      flushTimeoutMs: 1_000,
      report: (report) => reports.push(report),
    },
    target: 'STARTED',
    taskConfig: {},
    groupId: 'connect-x',
    pipeline: new RecordPipeline({
      task: { stage: 'TASK_POLL', className: 'a.Task' },
      chain: new TransformChain([]),
      key: { step: { stage: 'KEY_CONVERTER', className: 'a' }, converter: string },
      value: { step: { stage: 'VALUE_CONVERTER', className: 'a' }, converter: string },
      header: { step: { stage: 'HEADER_CONVERTER', className: 'a' }, converter: createSimpleHeaderConverter() },
    }),
    consumer,
    maxPollRecords: 3,
    startTask: makeTask,
    onPolled: () => undefined,
  })
  return { consumer, lease, reports, runner }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

test('offsets are committed when put has returned, and at the latest when the task stops (I1)', async () => {
  const taken: string[] = []
  const flushed: (readonly { offset: number }[])[] = []
  const scene = start(5, () => ({
    put: (records) => {
      taken.push(...records.map(({ value }) => String(value)))
    },
    flush: (offsets) => {
      flushed.push(offsets)
    },
  }))
  await scene.runner.assign([tp(0)], generation)
  await until(() => taken.length === 5)
  expect(scene.consumer.stored.size).toBe(0)
  await scene.runner.stop()
  expect(taken).toEqual(['0', '1', '2', '3', '4'])
  expect(flushed).toEqual([[{ topic: 't', partition: 0, offset: 5 }]])
  expect(scene.consumer.stored).toEqual(new Map([['t-0', 5]]))
  expect(scene.reports.map(({ state }) => state)).toEqual(['running', 'stopped'])
  expect([scene.consumer.unreleased, scene.consumer.isClosed]).toEqual([0, true])
})

test('a refused batch is given again as it was; everything else waits for it', async () => {
  const calls: string[] = []
  const scene = start(6, (context) => ({
    put: (records) => {
      if (records.length === 0) return
      calls.push(records.map(({ value }) => value).join(','))
      context.timeout(1)
      if (calls.length < 4) throw new RetriableError('later')
    },
  }))
  await scene.runner.assign([tp(0)], generation)
  await until(() => calls.length === 5)
  expect(calls).toEqual(['0,1,2', '0,1,2', '0,1,2', '0,1,2', '3,4,5'])
  await scene.runner.stop()
})

test('an error of put fails the task; what was taken before is committed', async () => {
  const scene = start(6, () => ({
    put: (records) => {
      if (records.some(({ value }) => value === '3')) throw new Error('no more')
    },
  }))
  await scene.runner.assign([tp(0)], generation)
  await scene.runner.ended
  expect(scene.consumer.stored.get('t-0')).toBe(3)
  expect(scene.reports.at(-1)).toMatchObject({
    state: 'failed',
    trace: expect.stringMatching(
      /^ConnectError: Exiting WorkerSinkTask due to unrecoverable exception\.[^]*Caused by: Error: no more/,
    ),
  })
})

test('what put throws because it was told to stop is no failure, and its records are not committed', async () => {
  const { promise: isIn, resolve: enter } = Promise.withResolvers<void>()
  const scene = start(3, ({ signal }) => ({
    put: (records) =>
      new Promise((_resolve, reject) => {
        if (records.length === 0) return
        enter()
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      }),
  }))
  await scene.runner.assign([tp(0)], generation)
  await isIn
  await scene.runner.stop()
  expect(scene.consumer.stored.size).toBe(0)
  expect(scene.reports.at(-1)).toEqual({ state: 'stopped' })
})

test('revoked partitions are committed and closed before the answer, lost ones only closed', async () => {
  for (const way of ['revoke', 'lose'] as const) {
    const events: string[] = []
    let taken = 0
    const scene = start(4, () => ({
      put: (records) => {
        taken += records.length
      },
      open: (partitions) => void events.push(`open ${partitions.length}`),
      flush: () => void events.push('flush'),
      close: (partitions) => void events.push(`close ${partitions.length}`),
      stop: () => void events.push('stop'),
    }))
    await scene.runner.assign([tp(0), tp(1)], generation)
    await until(() => taken === 8)
    await scene.runner[way]([tp(0), tp(1)])
    expect(events).toEqual(way === 'revoke' ? ['open 2', 'flush', 'close 2'] : ['open 2', 'close 2'])
    expect(scene.consumer.stored.get('t-1')).toBe(way === 'revoke' ? 4 : undefined)
    await scene.runner.stop()
    expect(events.at(-1)).toBe('stop')
    await scene.runner.revoke([tp(0)])
  }
})

test('the task may move its own positions, and pause partitions', async () => {
  const taken: string[] = []
  const scene = start(4, (context) => ({
    open: () => {
      context.offset([{ ...tp(0), offset: 2 }])
      context.pause([tp(1)])
      expect(context.assignment()).toEqual([tp(0), tp(1)])
      expect(() => context.pause([tp(7)])).toThrow(/SinkTasks may not pause partitions that are not currently assigned/)
    },
    put: (records) => {
      taken.push(...records.map(({ value, partition }) => `${partition}:${String(value)}`))
      if (taken.length === 2) context.resume([tp(1)])
    },
  }))
  await scene.runner.assign([tp(0), tp(1)], generation)
  await until(() => taken.length === 6)
  expect(taken).toEqual(['0:2', '0:3', '1:0', '1:1', '1:2', '1:3'])
  await scene.runner.stop()
})

test('a flush that fails commits nothing and goes back to what is committed', async () => {
  const taken: string[] = []
  let flushes = 0
  const scene = start(3, (context) => ({
    put: (records) => {
      taken.push(...records.map(({ value }) => String(value)))
      if (taken.length === 3) context.requestCommit()
    },
    flush: () => {
      flushes += 1
      if (flushes === 1) throw new Error('disk full')
    },
  }))
  await scene.runner.assign([tp(0)], generation)
  await until(() => taken.length === 6)
  expect(taken).toEqual(['0', '1', '2', '0', '1', '2'])
  await scene.runner.stop()
  expect(scene.consumer.stored.get('t-0')).toBe(3)
})

test('without its lease a task puts and commits nothing, and keeps what it holds (I6)', async () => {
  const taken: string[] = []
  const scene = start(3, () => ({
    put: (records) => {
      taken.push(...records.map(({ value }) => String(value)))
    },
  }))
  scene.lease.end()
  await scene.runner.assign([tp(0)], generation)
  await new Promise((resolve) => setTimeout(resolve))
  expect(taken).toEqual([])
  scene.lease.offer({ epoch: 5, expiresAtMs: 1 })
  await until(() => taken.length === 3)
  scene.lease.end()
  await scene.runner.stop()
  expect(scene.consumer.stored.size).toBe(0)
})

test('while Kafka does not answer, the task waits, and takes its partitions when it does (I10)', async () => {
  let taken = 0
  const scene = start(3, () => ({
    put: (records) => {
      taken += records.length
    },
  }))
  const away = () => new KafkaError('NETWORK_EXCEPTION', 'gone')
  scene.consumer.failures.committed.push(away())
  scene.consumer.failures.poll.push(away())
  await scene.runner.assign([tp(0)], generation)
  await until(() => taken === 3)
  await scene.runner.stop()
  expect(scene.reports.map(({ state }) => state)).toEqual(['running', 'stopped'])
})

test('a task in pause reads nothing and commits what it has; resumed, it goes on', async () => {
  let taken = 0
  const scene = start(3, () => ({
    put: (records) => {
      taken += records.length
    },
  }))
  await scene.runner.assign([tp(0)], generation)
  await until(() => taken === 3)
  scene.runner.pause()
  await until(() => scene.consumer.stored.get('t-0') === 3)
  expect(scene.consumer.paused()).toEqual([tp(0)])
  scene.runner.resume()
  await until(() => scene.consumer.paused().length === 0)
  await scene.runner.stop()
  expect(scene.reports.map(({ state }) => state)).toEqual(['running', 'paused', 'running', 'stopped'])
})

// ---- the property: whatever the sink and Kafka do, a record is committed only after a put of it has returned (I1),
// and in the end every record was put.
const behaviour = fc.constantFrom('take', 'take', 'take', 'refuse', 'ask')
const flush = fc.constantFrom('all', 'all', 'less', 'fail')
const disturbance = fc.constantFrom('none', 'rebalance', 'lost', 'commit-fails', 'pause')

test('whatever happens, only what was put is committed, and everything is put (I1)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { maxLength: 12 }),
      fc.array(flush, { maxLength: 6 }),
      fc.array(disturbance, { maxLength: 5 }),
      async (behaviours, flushes, disturbances) => {
        const put = new Map<string, Set<number>>()
        const length = 20
        const isPut = (partition: number, below: number): boolean =>
          Array.from({ length: below }, (_, offset) => offset).every((offset) => put.get(`t-${partition}`)?.has(offset))
        const check = (): void => {
          for (const [key, offset] of scene.consumer.stored) expect(isPut(Number(key.at(-1)), offset)).toBe(true)
        }
        const note = ({ originalPartition, originalOffset }: SinkRecord): void => {
          const key = `t-${originalPartition}`
          put.set(key, (put.get(key) ?? new Set()).add(originalOffset))
        }
        const scene = start(
          length,
          (context) => ({
            put: (records) => {
              check()
              const what = records.length === 0 ? 'take' : (behaviours.shift() ?? 'take')
              context.timeout(1)
              if (what === 'refuse') throw new RetriableError('later')
              for (const record of records) note(record)
              if (what === 'ask') context.requestCommit()
            },
            preCommit: (offsets) => {
              const what = flushes.shift() ?? 'all'
              if (what === 'fail') throw new Error('cannot flush')
              return what === 'less' ? offsets.slice(1) : offsets
            },
          }),
          1,
        )
        await scene.runner.assign([tp(0), tp(1)], generation)
        for (const what of disturbances) {
          if (what === 'commit-fails') scene.consumer.failures.commit.push(new KafkaError('NETWORK_EXCEPTION', 'gone'))
          if (what === 'pause') scene.runner.pause()
          if (what === 'rebalance') await scene.runner.revoke([tp(0), tp(1)])
          if (what === 'lost') await scene.runner.lose([tp(0), tp(1)])
          if (what === 'rebalance' || what === 'lost') await scene.runner.assign([tp(0), tp(1)], generation)
          check()
          scene.runner.resume()
        }
        await until(() => isPut(0, length) && isPut(1, length))
        await scene.runner.stop()
        check()
        expect(scene.consumer.unreleased).toBe(0)
        expect(scene.reports.at(-1)).toEqual({ state: 'stopped' })
      },
    ),
    { seed: 1, numRuns: 60 },
  )
}, 60_000)
