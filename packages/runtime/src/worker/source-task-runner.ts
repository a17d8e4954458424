import {
  ConnectError,
  isRetriable,
  type Props,
  type SourceOffsets,
  type SourceRecordInput,
  sourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api'
import type { ProducerPort, ProducerRecord } from '@sluice/kafka'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { traceOf } from '../core/trace.ts'
import type { RecordPipeline } from './record-pipeline.ts'
import type { SourceDelivery } from './source-delivery.ts'
import type { TaskHost, TaskRunner } from './task-host.ts'
import { Wakeup } from './wakeup.ts'

export interface SourceTaskInput {
  readonly host: TaskHost
  readonly target: 'STARTED' | 'PAUSED'
  readonly taskConfig: Props
  readonly offsets: SourceOffsets
  readonly pipeline: RecordPipeline
  readonly producer: ProducerPort
  /** Starts the plugin's task. */
  readonly startTask: (context: SourceTaskContext) => SourceTask | Promise<SourceTask>
  readonly deliver: (task: SourceTask) => SourceDelivery
}

const producerCloseMs = 30_000
/** How long a task that stops waits at most for the producer to take the rest of its batch. */
const lastSendMs = 1_000
/** A poll that has nothing and does not wait itself is asked again after ever more, up to this. */
const longestIdleMs = 50

/**
 * Runs a source task: poll, transform, convert, send, and store offsets as records are acknowledged.
 *
 * A batch costs a constant number of awaits. The producer's memory is the only buffer: when it is used up, `send`
 * refuses, the loop waits, and the source is not polled (I9). Every poll and every stretch of sending first asks the
 * lease (I6).
 */
export function runSourceTask(input: SourceTaskInput): TaskRunner {
  const runner = new SourceTaskRunner(input)
  return {
    pause: () => runner.aim('PAUSED'),
    resume: () => runner.aim('STARTED'),
    stop: () => runner.stop(),
    abandon: () => runner.abandon(),
    ended: runner.run(),
  }
}

interface Sites {
  readonly start: ReturnType<TaskHost['calls']['site']>
  readonly poll: ReturnType<TaskHost['calls']['site']>
  readonly convert: ReturnType<TaskHost['calls']['site']>
  readonly stop: ReturnType<TaskHost['calls']['site']>
}

class SourceTaskRunner {
  readonly #input: SourceTaskInput
  readonly #abort = new AbortController()
  readonly #wakeup = new Wakeup()
  readonly #sites: Sites
  #target: 'STARTED' | 'PAUSED'
  #isStopping = false
  #isAbandoned = false
  #emptyPolls = 0
  #commitTimer: NodeJS.Timeout | null = null
  readonly #ended = Promise.withResolvers<void>()

  constructor(input: SourceTaskInput) {
    this.#input = input
    this.#target = input.target
    const { calls, label, lease } = input.host
    this.#sites = {
      start: calls.site(label, 'startTask()'),
      poll: calls.site(label, 'poll()'),
      convert: calls.site(label, 'transforms and converters'),
      stop: calls.site(label, 'stop()'),
    }
    lease.onRenewed(() => this.#wakeup.wake())
  }

  aim(target: 'STARTED' | 'PAUSED'): void {
    this.#target = target
    this.#wakeup.wake()
  }

  stop(): Promise<void> {
    this.#isStopping = true
    this.#abort.abort()
    this.#wakeup.wake()
    return this.#ended.promise
  }

  abandon(): void {
    this.#isAbandoned = true
    this.#input.host.lease.end()
    void this.#input.producer.close(0).catch(() => undefined)
    void this.stop()
  }

  async run(): Promise<void> {
    let failure: unknown = null
    let delivery: SourceDelivery | null = null
    let task: SourceTask | null = null
    try {
      await this.#awaitFirstStart()
      if (!this.#isStopping) {
        task = await this.#startTask()
        delivery = this.#input.deliver(task)
        delivery.onIdle(() => this.#wakeup.wake())
        this.#report({ state: 'running' })
        this.#scheduleCommit(delivery)
        await this.#loop(task, delivery)
      }
    } catch (error) {
      failure = error
    }
    await this.#finish(task, delivery)
    if (failure === null || this.#isStopping) this.#endedWell(failure)
    else this.#report({ state: 'failed', trace: traceOf(failure) })
    this.#ended.resolve()
  }

  /** Connect does not start a task that is paused from the beginning. */
  async #awaitFirstStart(): Promise<void> {
    if (this.#target === 'PAUSED') this.#report({ state: 'paused' })
    while (this.#target === 'PAUSED' && !this.#isStopping) await this.#wakeup.sleep()
  }

  async #startTask(): Promise<SourceTask> {
    const { host, taskConfig, offsets, startTask } = this.#input
    const context = { config: taskConfig, signal: this.#abort.signal, log: host.log, offsets }
    return await host.calls.run(this.#sites.start, () => startTask(context))
  }

  async #loop(task: SourceTask, delivery: SourceDelivery): Promise<void> {
    while (!this.#isStopping) {
      if (this.#target === 'PAUSED') await this.#pause()
      else if (!this.#input.host.lease.holds()) await this.#wakeup.sleep()
      else {
        requireNoFailure(delivery)
        const batch = await this.#poll(task)
        if (batch !== null && batch.length > 0) await this.#send(batch, delivery)
        // A task that never waits must not keep answers, leases and commands from being read.
        await nextTurn()
      }
    }
  }

  async #pause(): Promise<void> {
    this.#report({ state: 'paused' })
    while (this.#target === 'PAUSED' && !this.#isStopping) await this.#wakeup.sleep()
    if (!this.#isStopping) this.#report({ state: 'running' })
  }

  async #poll(task: SourceTask): Promise<readonly SourceRecordInput[] | null> {
    const { calls } = this.#input.host
    const startedAt = performance.now()
    let batch: readonly SourceRecordInput[] | null
    try {
      batch = (await calls.run(this.#sites.poll, () => task.poll())) ?? null
    } catch (error) {
      if (!isRetriable(error)) throw error
      batch = null
    }
    if (batch !== null && batch.length > 0) this.#emptyPolls = 0
    else if (performance.now() - startedAt < 1) await this.#idle()
    return batch
  }

  async #idle(): Promise<void> {
    this.#emptyPolls = Math.min(this.#emptyPolls + 1, longestIdleMs)
    await this.#wakeup.sleep(this.#emptyPolls)
  }

  /**
   * Sends a batch, waiting wherever the producer refuses. A record that fails leaves those before it sent. A batch in
   * hand is sent even while the task stops, as long as Kafka takes it: not every source can give it again.
   */
  async #send(batch: readonly SourceRecordInput[], delivery: SourceDelivery): Promise<void> {
    let index = 0
    let refused: Refused | null = null
    while (index < batch.length && !this.#isAbandoned) {
      if (!this.#input.host.lease.holds()) {
        if (this.#isStopping) break
        await this.#wakeup.sleep()
        continue
      }
      requireNoFailure(delivery)
      ;[index, refused] = this.#sendSome(batch, { index, refused, delivery })
      if (refused !== null && !(await this.#producerReady())) break
    }
    if (refused !== null) delivery.withdraw(refused.token)
  }

  // Up to the end, or to the record that the producer refused: that one is not converted again.
  #sendSome(batch: readonly SourceRecordInput[], from: SendFrom): readonly [number, Refused | null] {
    const { producer, pipeline, host } = this.#input
    const { delivery } = from
    let { index, refused } = from
    host.calls.enter(this.#sites.convert)
    try {
      for (; index < batch.length; index += 1) {
        if (refused === null) {
          const record = sourceRecord(batch[index] as SourceRecordInput)
          const outgoing = pipeline.toKafka(record)
          if (outgoing === null) {
            delivery.dropped(record)
            continue
          }
          refused = { outgoing, token: delivery.submit(record, outgoing.topic) }
        }
        if (!producer.send(refused.outgoing, delivery.listener, refused.token)) return [index, refused]
        refused = null
      }
      return [index, null]
    } finally {
      host.calls.leave()
    }
  }

  /** False when it is not worth waiting any longer, since the task stops and Kafka takes nothing. */
  async #producerReady(): Promise<boolean> {
    let answer: { readonly error: unknown } | null = null
    const answered = (error: unknown): void => {
      answer = { error }
      this.#wakeup.wake()
    }
    this.#input.producer.ready().then(() => answered(null), answered)
    let stoppingUntil = Number.POSITIVE_INFINITY
    // While Kafka is away this lasts: a stop or an abandonment must get through.
    while (answer === null && !this.#isAbandoned) {
      if (this.#isStopping) stoppingUntil = Math.min(stoppingUntil, performance.now() + this.#lastSendMs)
      const leftMs = stoppingUntil - performance.now()
      if (leftMs <= 0) return false
      await this.#wakeup.sleep(leftMs)
    }
    const { error } = (answer ?? { error: null }) as { readonly error: unknown }
    if (error !== null) throw error
    return !this.#isAbandoned
  }

  get #lastSendMs(): number {
    return Math.min(lastSendMs, this.#input.host.flushTimeoutMs)
  }

  #scheduleCommit(delivery: SourceDelivery): void {
    this.#commitTimer = setTimeout(() => {
      void delivery.commit().then(() => {
        if (this.#commitTimer !== null) this.#scheduleCommit(delivery)
      })
    }, this.#input.host.flushIntervalMs)
  }

  /** The last commit is made after a failure, too: what was acknowledged need not be repeated. */
  async #finish(task: SourceTask | null, delivery: SourceDelivery | null): Promise<void> {
    const { host, producer, pipeline } = this.#input
    if (this.#commitTimer !== null) clearTimeout(this.#commitTimer)
    this.#commitTimer = null
    if (delivery !== null && !this.#isAbandoned) {
      // First what is safe already: the wait for the rest may use up all the time that there is.
      if (delivery.pending() > 0) {
        await delivery.commit()
        await this.#awaitAnswers(delivery)
      }
      await delivery.commit()
    }
    this.#abort.abort()
    await this.#quietly('stop', async () => {
      if (task?.stop) await host.calls.run(this.#sites.stop, () => task.stop?.())
    })
    await this.#quietly('close the producer', () => producer.close(this.#isAbandoned ? 0 : producerCloseMs))
    await this.#quietly('close converters and transforms', () => pipeline.close())
  }

  async #awaitAnswers(delivery: SourceDelivery): Promise<void> {
    const deadline = performance.now() + this.#input.host.flushTimeoutMs
    if (delivery.pending() > 0) void this.#input.producer.flush().catch(() => undefined)
    while (delivery.pending() > 0 && !this.#isAbandoned) {
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return
      await this.#wakeup.sleep(leftMs)
    }
  }

  async #quietly(doing: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#input.host.log.warn(`The task ended, but could not ${doing}.`, { error })
    }
  }

  #endedWell(failure: unknown): void {
    const { log } = this.#input.host
    // What a poll throws because it was told to stop is no failure.
    if (failure instanceof Error && failure.name === 'AbortError') log.debug('The task was interrupted.', { failure })
    else if (failure !== null) log.warn('The task ended with an error while it stopped.', { error: failure })
    this.#report({ state: 'stopped' })
  }

  #report(report: Parameters<TaskHost['report']>[0]): void {
    if (!this.#isAbandoned) this.#input.host.report(report)
  }
}

interface Refused {
  readonly outgoing: ProducerRecord
  readonly token: unknown
}

interface SendFrom {
  readonly index: number
  readonly refused: Refused | null
  readonly delivery: SourceDelivery
}

function requireNoFailure(delivery: SourceDelivery): void {
  const failure = delivery.failure()
  if (failure !== null) throw new ConnectError(failure.message, { cause: failure.cause })
}
