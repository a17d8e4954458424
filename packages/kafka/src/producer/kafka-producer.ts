import type { ClientSettings } from '../client-settings.ts'
import { delay } from '../connection/delay.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { PartitionInfo, ProducerOptions, ProducerPort, ProducerRecord, SendListener } from '../ports.ts'
import { Accumulator } from './accumulator.ts'
import { BlockedSends } from './blocked-sends.ts'
import type { ProducerBatch } from './producer-batch.ts'
import { resolveProducerOptions } from './producer-settings.ts'
import type { ProducerSettings } from './producer-settings.ts'
import { estimateBatchSize } from './record-size.ts'
import { Sender } from './sender.ts'
import { TopicState } from './topic-state.ts'

interface FlushWait {
  readonly batches: Set<ProducerBatch>
  done(): void
}

/** The producer over one client's metadata, with connections of its own. */
export class KafkaProducer implements ProducerPort {
  readonly #client: ClientSettings
  readonly #metadata: Metadata
  readonly #settings: ProducerSettings
  readonly #accumulator: Accumulator
  readonly #sender: Sender
  readonly #topics = new Map<string, TopicState>()
  readonly #closing = new AbortController()
  readonly #flushes = new Set<FlushWait>()
  readonly #blocked: BlockedSends
  #fatal: KafkaError | null = null
  readonly #forgetMetadata: () => void
  readonly #onClosed: () => void

  constructor(client: ClientSettings, metadata: Metadata, options: ProducerOptions, onClosed: () => void) {
    this.#onClosed = onClosed
    this.#client = client
    this.#metadata = metadata
    this.#settings = resolveProducerOptions(options)
    this.#blocked = new BlockedSends(this.#settings.maxBlockMs)
    this.#accumulator = new Accumulator(this.#settings)
    this.#sender = new Sender({
      accumulator: this.#accumulator,
      metadata,
      client,
      producer: this.#settings,
      isHurried: () => this.#flushes.size > 0 || this.#blocked.isShortOfMemory,
      onSettled: (batch, parts) => this.#settled(batch, parts),
      onFatal: (error) => this.#end(error),
    })
    this.#forgetMetadata = metadata.onUpdate(() => {
      for (const topic of this.#topics.values()) topic.learn(metadata.topic(topic.name))
    })
  }

  send(record: ProducerRecord, listener: SendListener, token: unknown): boolean {
    if (this.#closing.signal.aborted) {
      throw new KafkaError('UNKNOWN_SERVER_ERROR', 'Cannot perform operation after producer has been closed')
    }
    if (this.#fatal !== null) return this.#failSoon(this.#fatal, listener, token)
    const size = estimateBatchSize(record)
    const tooLarge = this.#tooLarge(size)
    if (tooLarge !== null) return this.#failSoon(tooLarge, listener, token)
    const topic = this.#topic(record.topic)
    const partition = topic.partitionFor(record)
    if (partition < 0) return this.#refuseForTopic(topic, record, listener, token)
    const timestamp = record.timestamp ?? Date.now()
    if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
      const text = `Invalid timestamp: ${timestamp}. Timestamp should always be non-negative or null.`
      return this.#failSoon(new KafkaError('INVALID_TIMESTAMP', text), listener, token)
    }
    const now = performance.now()
    const result = this.#accumulator.append({ record, partition, timestamp, size, listener, token }, now)
    if (result === 'full') return this.#refuseForMemory(size, listener, token)
    topic.sent(record, size)
    if (result === 'filled' || (result === 'opened' && this.#settings.lingerMs <= 0)) this.#sender.wake()
    else if (result === 'opened') this.#sender.wakeAt(now + this.#settings.lingerMs)
    return true
  }

  ready(): Promise<void> {
    const isAwaitingTopic = [...this.#topics.values()].some((topic) => topic.isAwaited)
    return this.#blocked.isShortOfMemory || isAwaitingTopic ? this.#blocked.wait() : Promise.resolve()
  }

  async flush(): Promise<void> {
    // What failed in this turn is told in it.
    await Promise.resolve()
    const batches = new Set([...this.#accumulator.active].flatMap((queue) => queue.batches()))
    if (batches.size === 0) return
    for (const queue of this.#accumulator.active) queue.closeOpen()
    await new Promise<void>((resolve) => {
      this.#flushes.add({ batches, done: resolve })
      this.#sender.wake()
    })
  }

  async partitionsFor(topic: string): Promise<readonly PartitionInfo[]> {
    const { maxBlockMs: timeoutMs } = this.#settings
    const found = await this.#metadata.require(topic, { create: true, timeoutMs, signal: this.#closing.signal })
    return found.partitions
  }

  async close(timeoutMs: number): Promise<void> {
    if (this.#closing.signal.aborted) return
    const flushed = this.flush()
    this.#closing.abort()
    const waited = new AbortController()
    await Promise.race([flushed, delay(Math.max(0, timeoutMs), waited.signal)])
    waited.abort()
    this.#end(new KafkaError('UNKNOWN_SERVER_ERROR', 'Producer is closed forcefully.'))
    this.#onClosed()
  }

  #tooLarge(size: number): KafkaError | null {
    const { maxRequestSize, bufferMemory } = this.#settings
    if (size > maxRequestSize) {
      const text = `The message is ${size} bytes when serialized which is larger than ${maxRequestSize}, which is the value of the max.request.size configuration.`
      return new KafkaError('MESSAGE_TOO_LARGE', text)
    }
    if (size <= bufferMemory) return null
    const text = `The message is ${size} bytes when serialized which is larger than the total memory buffer you have configured with the buffer.memory configuration.`
    return new KafkaError('MESSAGE_TOO_LARGE', text)
  }

  #topic(name: string): TopicState {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const topic = new TopicState(name, this.#settings.batchSize)
    topic.learn(this.#metadata.topic(name))
    this.#topics.set(name, topic)
    return topic
  }

  #refuseForTopic(topic: TopicState, record: ProducerRecord, listener: SendListener, token: unknown): boolean {
    if (topic.failure !== null) {
      const { failure } = topic
      topic.failure = null
      return this.#failSoon(failure, listener, token)
    }
    if (!topic.isAwaited) {
      topic.isAwaited = true
      void this.#awaitTopic(topic, record.partition)
    }
    return false
  }

  /** Never rejects: a topic that cannot be had is remembered for the next send. */
  async #awaitTopic(topic: TopicState, partition: number | null): Promise<void> {
    const { maxBlockMs } = this.#settings
    const deadline = performance.now() + maxBlockMs
    try {
      // A topic that is known may be waiting for more partitions than it had.
      if (topic.partitionCount === 0) await this.partitionsFor(topic.name)
      topic.learn(this.#metadata.topic(topic.name))
      while (partition !== null && partition >= topic.partitionCount) {
        if (performance.now() >= deadline || this.#closing.signal.aborted) {
          const text = `Partition ${partition} of topic ${topic.name} with partition count ${topic.partitionCount} is not present in metadata after ${maxBlockMs} ms.`
          throw new KafkaError('REQUEST_TIMED_OUT', text)
        }
        await delay(this.#client.retry.firstMs, this.#closing.signal)
        await this.#metadata.ask([topic.name], { create: true })
      }
    } catch (error) {
      topic.failure = asTopicFailure(error, topic.name, maxBlockMs)
    }
    topic.isAwaited = false
    this.#blocked.wake()
  }

  #refuseForMemory(size: number, listener: SendListener, token: unknown): boolean {
    if (!this.#blocked.wantMemory(performance.now())) {
      const { maxBlockMs, bufferMemory } = this.#settings
      const text = `Failed to allocate ${size} bytes within the configured max blocking time ${maxBlockMs} ms. Total memory: ${bufferMemory} bytes. Available memory: ${bufferMemory - this.#accumulator.reservedBytes} bytes.`
      return this.#failSoon(new KafkaError('REQUEST_TIMED_OUT', text), listener, token)
    }
    this.#sender.wake()
    return false
  }

  #failSoon(error: KafkaError, listener: SendListener, token: unknown): true {
    queueMicrotask(() => {
      try {
        listener.failed(token, error)
      } catch (thrown) {
        this.#client.log.error('A send listener threw', { error: String(thrown) })
      }
    })
    return true
  }

  #settled(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    this.#blocked.memoryFreed()
    for (const flush of this.#flushes) {
      if (!flush.batches.delete(batch)) continue
      for (const part of parts) flush.batches.add(part)
      if (flush.batches.size > 0) continue
      this.#flushes.delete(flush)
      flush.done()
    }
  }

  /** Fails everything that is not answered, and ends the connections. */
  #end(error: KafkaError): void {
    this.#fatal = error
    this.#forgetMetadata()
    this.#sender.close()
    for (const queue of this.#accumulator.active) {
      for (const batch of queue.clear()) {
        this.#accumulator.release(batch)
        batch.fail(error, this.#client.log)
        this.#settled(batch, [])
      }
      this.#accumulator.rotate(queue)
    }
    this.#blocked.wake()
  }
}

function asTopicFailure(error: unknown, topic: string, maxBlockMs: number): KafkaError {
  if (!(error instanceof KafkaError)) return new KafkaError('UNKNOWN_SERVER_ERROR', String(error))
  if (error.errorName !== 'REQUEST_TIMED_OUT' || error.message.startsWith('Partition')) return error
  const reason = error.cause instanceof Error ? ` Last: ${error.cause.message}` : ''
  const text = `Topic ${topic} not present in metadata after ${maxBlockMs} ms.${reason}`
  return new KafkaError('REQUEST_TIMED_OUT', text, { cause: error })
}
