import {
  ConnectError,
  isRetriable,
  type Props,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
} from '@sluice/api'
import type { TopicPartition } from '@sluice/api'
import { type ConsumerPort, type GroupGeneration, partitionKey } from '@sluice/kafka'
import { traceOf } from '../core/trace.ts'
import type { CallSite } from './plugin-calls.ts'
import type { RecordPipeline } from './record-pipeline.ts'
import { createSinkContext, noSinkWishes } from './sink-context.ts'
import { SinkOffsets } from './sink-offsets.ts'
import { SinkPartitions } from './sink-partitions.ts'
import type { TaskHost, TaskRunner } from './task-host.ts'
import { Wakeup } from './wakeup.ts'

export interface SinkTaskInput {
  readonly host: TaskHost
  readonly target: 'STARTED' | 'PAUSED'
  readonly taskConfig: Props
  readonly groupId: string
  readonly pipeline: RecordPipeline
  readonly consumer: ConsumerPort
  readonly maxPollRecords: number
  /** Starts the plugin's task. */
  readonly startTask: (context: SinkTaskContext) => SinkTask | Promise<SinkTask>
  /** Called after each poll: the task is alive (`max.poll.interval.ms`). */
  readonly onPolled: () => void
}

/** A sink task: its partitions come and go by command, each answered when it has taken effect. */
export interface SinkTaskRunner extends TaskRunner {
  assign(partitions: readonly TopicPartition[], generation: GroupGeneration): Promise<void>
  revoke(partitions: readonly TopicPartition[]): Promise<void>
  lose(partitions: readonly TopicPartition[]): Promise<void>
}

const consumerCloseMs = 5_000
/** After an error of Kafka's that may pass, before the next poll. */
const kafkaRetryMs = 500

/**
 * Runs a sink task: commands and commits that are due, poll, convert, put. One iteration is one call of `put`, with
 * an empty batch where nothing came.
 *
 * The records of one poll are all that is held (I9). Offsets advance when `put` has returned (I1). Before every poll
 * and put the lease is asked (I6); without one the loop waits for it, or for the command that takes the partitions.
 */
export function runSinkTask(input: SinkTaskInput): SinkTaskRunner {
  const runner = new SinkRunner(input)
  const ended = runner.run()
  return {
    pause: () => runner.aim('PAUSED'),
    resume: () => runner.aim('STARTED'),
    stop: () => runner.stop(),
    abandon: () => runner.abandon(),
    assign: (partitions, generation) => runner.command({ type: 'assign', partitions, generation }),
    revoke: (partitions) => runner.command({ type: 'revoke', partitions }),
    lose: (partitions) => runner.command({ type: 'lose', partitions }),
    ended,
  }
}

type Command =
  | { readonly type: 'assign'; readonly partitions: readonly TopicPartition[]; readonly generation: GroupGeneration }
  | { readonly type: 'revoke' | 'lose'; readonly partitions: readonly TopicPartition[] }

interface QueuedCommand {
  readonly command: Command
  readonly done: () => void
}

/** Records that `put` has not taken yet, and the positions after them. */
interface Batch {
  readonly records: readonly SinkRecord[]
  readonly positions: ReadonlyMap<string, number>
  /** `put` refused it with a RetriableError: everything waits for it. */
  readonly isRefused: boolean
}

const emptyBatch: Batch = { records: [], positions: new Map(), isRefused: false }

class SinkRunner {
  readonly #input: SinkTaskInput
  readonly #abort = new AbortController()
  readonly #wakeup = new Wakeup()
  readonly #commands: QueuedCommand[] = []
  readonly #wishes = noSinkWishes()
  readonly #putSite: CallSite
  readonly #convertSite: CallSite
  #target: 'STARTED' | 'PAUSED'
  #life: 'running' | 'stopping' | 'abandoned' | 'ended' = 'running'
  #batch: Batch | null = null
  readonly #ended = Promise.withResolvers<void>()

  constructor(input: SinkTaskInput) {
    this.#input = input
    this.#target = input.target
    const { calls, label } = input.host
    this.#putSite = calls.site(label, 'put()')
    this.#convertSite = calls.site(label, 'transforms and converters')
    input.host.lease.onRenewed(() => this.#wake())
  }

  aim(target: 'STARTED' | 'PAUSED'): void {
    this.#target = target
    this.#wake()
  }

  /** Resolves when the command has taken effect; at once when the task has ended. */
  command(command: Command): Promise<void> {
    if (this.#life === 'ended') return Promise.resolve()
    return new Promise((done) => {
      this.#commands.push({ command, done })
      this.#wake()
    })
  }

  stop(): Promise<void> {
    if (this.#life === 'running') this.#life = 'stopping'
    this.#abort.abort()
    this.#wake()
    return this.#ended.promise
  }

  abandon(): void {
    this.#life = 'abandoned'
    this.#input.host.lease.end()
    void this.#input.consumer.close(0).catch(() => undefined)
    void this.stop()
  }

  async run(): Promise<void> {
    const { host } = this.#input
    let failure: unknown = null
    let task: SinkTask | null = null
    let partitions: SinkPartitions | null = null
    try {
      await this.#awaitFirstStart()
      if (this.#life === 'running') {
        task = await this.#startTask()
        partitions = this.#createPartitions(task)
        this.#report({ state: 'running' })
        await this.#loop(task, partitions)
      }
    } catch (error) {
      failure = error
    }
    const wasStopping = this.#life !== 'running'
    await this.#finish(task, partitions)
    if (failure !== null && wasStopping) host.log.warn('The task ended with an error while it stopped.', { failure })
    if (failure === null || wasStopping) this.#report({ state: 'stopped' })
    else this.#report({ state: 'failed', trace: traceOf(failure) })
    this.#life = 'ended'
    for (const { done } of this.#commands.splice(0)) done()
    this.#ended.resolve()
  }

  async #awaitFirstStart(): Promise<void> {
    if (this.#target === 'PAUSED') this.#report({ state: 'paused' })
    while (this.#target === 'PAUSED' && this.#life === 'running') await this.#wakeup.sleep()
  }

  async #startTask(): Promise<SinkTask> {
    const { host, taskConfig, startTask } = this.#input
    const fixed = { config: taskConfig, signal: this.#abort.signal, log: host.log }
    const context = createSinkContext(fixed, this.#wishes, () => this.#wake())
    return await host.calls.run(host.calls.site(host.label, 'startTask()'), () => startTask(context))
  }

  #createPartitions(task: SinkTask): SinkPartitions {
    const { host, consumer, groupId } = this.#input
    const offsets = new SinkOffsets({
      task,
      taskLabel: host.label,
      consumer,
      calls: host.calls,
      log: host.log,
      intervalMs: host.flushIntervalMs,
      timeoutMs: host.flushTimeoutMs,
      now: () => performance.now(),
      mayCommit: () => this.#life !== 'abandoned' && host.lease.holds(),
      onRewound: (rewound) => this.#drop((key) => rewound.has(key)),
      onAnswered: () => this.#wake(),
    })
    const persist = <T>(work: () => Promise<T>): Promise<T | null> => this.#whileKafkaIsAway(work)
    return new SinkPartitions({
      task,
      taskLabel: host.label,
      consumer,
      groupId,
      offsets,
      wishes: this.#wishes,
      calls: host.calls,
      persist,
    })
  }

  /** Tries until it works; null when something else has to be done first, such as giving the partitions back. */
  async #whileKafkaIsAway<T>(work: () => Promise<T>): Promise<T | null> {
    while (this.#life === 'running') {
      try {
        return await work()
      } catch (error) {
        if (!isRetriable(error)) throw error
        this.#input.host.log.warn('Kafka does not answer; it is asked again.', { error })
      }
      if (this.#commands.length > 0) return null
      await this.#wakeup.sleep(kafkaRetryMs)
    }
    return null
  }

  async #loop(task: SinkTask, partitions: SinkPartitions): Promise<void> {
    let isPaused = false
    while (this.#life === 'running') {
      await this.#obey(partitions)
      if (isPaused !== (this.#target === 'PAUSED')) {
        isPaused = !isPaused
        if (isPaused) partitions.offsets.request()
        this.#report({ state: isPaused ? 'paused' : 'running' })
      }
      if (!partitions.isMember || !this.#input.host.lease.holds()) await this.#wakeup.sleep()
      else await this.#iterate(task, partitions, isPaused)
    }
  }

  /** One turn, in Connect's order: commit, seek, poll, put. */
  async #iterate(task: SinkTask, partitions: SinkPartitions, isPaused: boolean): Promise<void> {
    const { offsets } = partitions
    if (this.#wishes.isCommitRequested) offsets.request()
    this.#wishes.isCommitRequested = false
    await offsets.tick()
    for (const key of partitions.seek()) this.#drop((moved) => moved === key)
    partitions.applyPauses(isPaused || this.#batch !== null)
    const batch = await this.#next(offsets)
    if (this.#life !== 'running') return
    // While commands wait or the lease is gone, what is in hand stays there: it may no longer be ours to put.
    this.#batch = batch === emptyBatch ? null : batch
    if (this.#commands.length > 0 || !this.#input.host.lease.holds()) return
    await this.#put(task, partitions, batch)
  }

  /** What to put next: the batch in hand, after the time that a refused one has to wait, or what a poll brings. */
  async #next(offsets: SinkOffsets): Promise<Batch> {
    const { timeoutMs } = this.#wishes
    this.#wishes.timeoutMs = null
    const untilCommitMs = Math.max(offsets.nextAtMs - performance.now(), 0)
    const waitMs = timeoutMs !== null && timeoutMs > 0 ? Math.min(untilCommitMs, timeoutMs) : untilCommitMs
    if (this.#batch === null) return await this.#poll(waitMs)
    if (this.#batch.isRefused) await this.#wakeup.sleep(waitMs)
    this.#input.onPolled()
    return this.#batch ?? emptyBatch
  }

  async #poll(waitMs: number): Promise<Batch> {
    const { consumer, pipeline, maxPollRecords, host, onPolled } = this.#input
    let fetched
    try {
      fetched = await consumer.poll(waitMs, maxPollRecords)
    } catch (error) {
      if (this.#life !== 'running') return emptyBatch
      if (!isRetriable(error)) throw error
      host.log.warn('Reading from Kafka failed; it is tried again.', { error })
      await this.#wakeup.sleep(kafkaRetryMs)
      return emptyBatch
    }
    onPolled()
    if (fetched.length === 0) return emptyBatch
    const records: SinkRecord[] = []
    const positions = new Map<string, number>()
    host.calls.enter(this.#convertSite)
    try {
      for (const batch of fetched) {
        pipeline.fromKafka(batch, records)
        positions.set(partitionKey(batch), batch.nextOffset)
      }
    } finally {
      host.calls.leave()
      for (const batch of fetched) batch.release()
    }
    return { records, positions, isRefused: false }
  }

  async #put(task: SinkTask, partitions: SinkPartitions, batch: Batch): Promise<void> {
    const { host } = this.#input
    try {
      await host.calls.run(this.#putSite, () => task.put(batch.records))
    } catch (error) {
      // A put that was told to stop has taken nothing: its records are read again.
      if (this.#life !== 'running') return
      if (!isRetriable(error)) {
        throw new ConnectError('Exiting WorkerSinkTask due to unrecoverable exception.', { cause: error })
      }
      host.log.warn('The sink asked for the same records again later.', { error })
      this.#batch = { ...batch, isRefused: true }
      return
    }
    this.#batch = null
    partitions.offsets.delivered(batch.positions)
  }

  async #obey(partitions: SinkPartitions): Promise<void> {
    for (let next = this.#commands.shift(); next !== undefined; next = this.#commands.shift()) {
      const { command, done } = next
      try {
        if (command.type === 'assign') await partitions.assign(command.partitions, command.generation)
        else {
          const gone = new Set(command.partitions.map(partitionKey))
          this.#drop((key) => gone.has(key))
          await partitions.close(command.partitions, { isCommitted: command.type === 'revoke' })
        }
      } finally {
        done()
      }
    }
  }

  /** Takes records out of what is in hand: they are read again, here or elsewhere. */
  #drop(isDropped: (key: string) => boolean): void {
    if (this.#batch === null) return
    const { records, positions, isRefused } = this.#batch
    const left = new Map([...positions].filter(([key]) => !isDropped(key)))
    const isKept = ({ originalTopic, originalPartition }: SinkRecord): boolean =>
      left.has(partitionKey({ topic: originalTopic, partition: originalPartition }))
    this.#batch = left.size === 0 ? null : { records: records.filter(isKept), positions: left, isRefused }
  }

  /** Connect's order: the last commit, `close`, `stop`, then the consumer. */
  async #finish(task: SinkTask | null, partitions: SinkPartitions | null): Promise<void> {
    const { host, consumer, pipeline } = this.#input
    this.#batch = null
    this.#abort.abort()
    if (partitions !== null) {
      const isCommitted = this.#life !== 'abandoned'
      await this.#quietly('close its partitions', () => partitions.close(partitions.list(), { isCommitted }))
    }
    await this.#quietly('stop', async () => {
      if (task?.stop) await host.calls.run(host.calls.site(host.label, 'stop()'), () => task.stop?.())
    })
    await this.#quietly('close the consumer', () => consumer.close(this.#life === 'abandoned' ? 0 : consumerCloseMs))
    await this.#quietly('close converters and transforms', () => pipeline.close())
  }

  async #quietly(doing: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#input.host.log.warn(`The task ended, but could not ${doing}.`, { error })
    }
  }

  #wake(): void {
    this.#wakeup.wake()
    this.#input.consumer.wakeup()
  }

  #report(report: Parameters<TaskHost['report']>[0]): void {
    if (this.#life !== 'abandoned') this.#input.host.report(report)
  }
}
