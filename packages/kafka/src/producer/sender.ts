import type { ClientSettings } from '../client-settings.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Connection } from '../connection/connection.ts'
import { ConnectionPool } from '../connection/connection-pool.ts'
import { longestTimerMs } from '../connection/delay.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import type { Leader, Metadata } from '../metadata/metadata.ts'
import type { Accumulator } from './accumulator.ts'
import { answersByPartition } from './produce-answers.ts'
import type { PartitionAnswer } from './produce-answers.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerBatch, ProducerIdentity } from './producer-batch.ts'
import { initProducerId, nextEpoch } from './producer-id.ts'
import type { ProducerSettings } from './producer-settings.ts'
import { splitBatch } from './split-batch.ts'

/** What the sender works on, and whom it tells. */
export interface SenderParts {
  readonly accumulator: Accumulator
  readonly metadata: Metadata
  readonly client: ClientSettings
  readonly producer: ProducerSettings
  /** Whether batches go without lingering. */
  isHurried(): boolean
  /** A batch was answered, its listeners know, its memory is free. `parts` stand for it when it was split. */
  onSettled(batch: ProducerBatch, parts: readonly ProducerBatch[]): void
  /** Nothing can be sent any more, ever. */
  onFatal(error: KafkaError): void
}

interface Outgoing {
  readonly queue: PartitionQueue
  readonly batch: ProducerBatch
  readonly bytes: Buffer
}

interface Request {
  readonly connection: Connection
  readonly entries: Outgoing[]
  size: number
}

/** null: that broker can take nothing now. */
type RequestsByBroker = Map<number, Request | null>

const purpose = 'produce'
const acksOnWire = { all: -1, leader: 1, none: 0 } as const

/**
 * Moves batches from the accumulator to their brokers and settles them. It runs when woken: by a batch that is full or
 * has lingered, an answer, new metadata, or a time it set itself.
 */
export class Sender {
  readonly #parts: SenderParts
  readonly #pool: ConnectionPool
  readonly #closing = new AbortController()
  readonly #forgetMetadata: () => void
  #identity: ProducerIdentity | null = null
  readonly #connecting = new Set<number>()
  #isAskingForId = false
  #isWoken = false
  #timer: { readonly handle: NodeJS.Timeout; readonly atMs: number } | null = null

  constructor(parts: SenderParts) {
    this.#parts = parts
    this.#pool = new ConnectionPool(parts.client.connection, parts.client.reconnect)
    this.#forgetMetadata = parts.metadata.onUpdate(() => this.wake())
  }

  /** Runs soon, once for all that happens in this turn. */
  wake(): void {
    if (this.#isWoken || this.#closing.signal.aborted) return
    this.#isWoken = true
    setImmediate(() => {
      this.#isWoken = false
      if (!this.#closing.signal.aborted) this.#run()
    })
  }

  /** Runs at that time by the monotonic clock at the latest. */
  wakeAt(atMs: number): void {
    if (atMs === Infinity || (this.#timer !== null && this.#timer.atMs <= atMs)) return
    if (this.#timer !== null) clearTimeout(this.#timer.handle)
    const inMs = Math.min(Math.max(1, Math.ceil(atMs - performance.now())), longestTimerMs)
    const handle = setTimeout(() => {
      this.#timer = null
      if (!this.#closing.signal.aborted) this.#run()
    }, inMs)
    this.#timer = { handle, atMs }
  }

  /** Ends the connections; batches that are not answered stay where they are. */
  close(): void {
    this.#closing.abort()
    this.#forgetMetadata()
    if (this.#timer !== null) clearTimeout(this.#timer.handle)
    this.#pool.close()
  }

  #run(): void {
    const now = performance.now()
    this.#expire(now)
    if (this.#parts.producer.idempotence && this.#identity === null) return this.#askForId()
    // One batch of a partition fits in a request: go round until nothing more may go.
    while (this.#sendRound(now)) {}
  }

  /** One request to each broker that may have one. Says whether it is worth going round again. */
  #sendRound(now: number): boolean {
    const requests: RequestsByBroker = new Map()
    let isMore = false
    for (const queue of this.#parts.accumulator.active) {
      const next = this.#nextOf(queue, now)
      if (next === null) continue
      const leader = this.#leaderOf(queue, now)
      const request = leader === null ? null : this.#requestTo(leader, requests)
      if (request === null) continue
      const size = next.builder.size
      if (request.entries.length > 0 && request.size + size > this.#parts.producer.maxRequestSize) {
        isMore = true
        continue
      }
      request.entries.push(this.#take(queue, next))
      request.size += size
    }
    for (const request of requests.values()) {
      if (request === null || request.entries.length === 0) continue
      isMore = true
      for (const { queue } of request.entries) this.#parts.accumulator.rotate(queue)
      void this.#send(request)
    }
    return isMore
  }

  #nextOf(queue: PartitionQueue, now: number): ProducerBatch | null {
    if (queue.needsNewEpoch && queue.inFlightCount === 0) this.#renewEpoch(queue)
    if (this.#parts.producer.idempotence && this.#identity === null) return null
    const next = queue.next({
      nowMs: now,
      lingerMs: this.#parts.producer.lingerMs,
      hurry: this.#parts.isHurried(),
      maxInFlight: this.#parts.producer.maxInFlight,
      isIdempotent: this.#parts.producer.idempotence,
    })
    if (next.kind === 'send') return next.batch
    this.wakeAt(next.untilMs)
    return null
  }

  #leaderOf(queue: PartitionQueue, now: number): Leader | null {
    const leader = this.#parts.metadata.leader(queue)
    if (leader !== null) return leader
    this.#parts.metadata.requestUpdate(queue.topic)
    this.wakeAt(now + this.#parts.client.retry.maxMs)
    return null
  }

  /** The request under construction for the leader's broker; null when it cannot take one now. */
  #requestTo(leader: Leader, requests: RequestsByBroker): Request | null {
    const started = requests.get(leader.nodeId)
    if (started !== undefined) return started
    const connection = this.#pool.current(leader.address, purpose)
    if (connection === null) this.#connect(leader)
    const mayTake = connection !== null && connection.inFlight < this.#parts.producer.maxInFlight
    const request: Request | null = mayTake ? { connection, entries: [], size: 0 } : null
    requests.set(leader.nodeId, request)
    return request
  }

  #connect(leader: Leader): void {
    if (this.#connecting.has(leader.nodeId)) return
    this.#connecting.add(leader.nodeId)
    const look = (): void => {
      this.#connecting.delete(leader.nodeId)
      this.wake()
    }
    this.#pool.get(leader.address, purpose).then(look, () => {
      // Metadata may name another leader by now.
      for (const queue of this.#parts.accumulator.active) this.#parts.metadata.requestUpdate(queue.topic)
      look()
    })
  }

  #take(queue: PartitionQueue, batch: ProducerBatch): Outgoing {
    queue.take(batch, this.#identity)
    const { compression, compressionLevel } = this.#parts.producer
    return { queue, batch, bytes: batch.bytesFor(queue.identity, { compression, compressionLevel }) }
  }

  async #send(request: Request): Promise<void> {
    const { acks } = this.#parts.producer
    const body = {
      acks: acksOnWire[acks],
      timeoutMs: this.#parts.client.connection.requestTimeoutMs,
      topicData: byTopic(request.entries),
    }
    try {
      if (acks === 'none') {
        await request.connection.tell('Produce', body)
        for (const { queue, batch } of request.entries) this.#complete(queue, batch, -1, -1)
      } else {
        const answers = answersByPartition(await request.connection.call('Produce', body))
        for (const entry of request.entries) this.#settle(entry, answers.get(entry.queue.topic, entry.queue.partition))
      }
    } catch (error) {
      const failure = error instanceof KafkaError ? error : new KafkaError('UNKNOWN_SERVER_ERROR', String(error))
      for (const entry of request.entries) this.#settle(entry, { error: failure, baseOffset: -1, logAppendTimeMs: -1 })
    }
    this.wake()
  }

  #settle({ queue, batch }: Outgoing, answer: PartitionAnswer): void {
    if (this.#closing.signal.aborted) return
    const { error } = answer
    if (error === null) return this.#complete(queue, batch, answer.baseOffset, answer.logAppendTimeMs)
    const now = performance.now()
    if (error.invalidMetadata) this.#parts.metadata.requestUpdate(queue.topic)
    if (error.errorName === 'DUPLICATE_SEQUENCE_NUMBER') {
      this.#complete(queue, batch, -1, -1)
    } else if (error.errorName === 'MESSAGE_TOO_LARGE' && batch.count > 1) {
      this.#split(queue, batch)
    } else if (queue.identity !== null && sequenceErrors.has(error.errorName)) {
      queue.refuseSequence(batch, now + backoffMs(1, this.#parts.client.retry))
    } else if (error.retriable && batch.attempts < this.#parts.producer.retries) {
      // Whether there is time left for it is found when it expires.
      batch.attempts++
      batch.lastError = error
      queue.retry(batch, now + backoffMs(batch.attempts, this.#parts.client.retry))
    } else {
      this.#fail(queue, batch, error)
    }
  }

  #split(queue: PartitionQueue, batch: ProducerBatch): void {
    const parts = splitBatch(batch, queue.topic, this.#parts.accumulator)
    queue.replace(batch, parts)
    this.#parts.accumulator.release(batch)
    this.#parts.onSettled(batch, parts)
  }

  #complete(queue: PartitionQueue, batch: ProducerBatch, baseOffset: number, logAppendTimeMs: number): void {
    queue.acknowledge(batch, performance.now())
    this.#parts.accumulator.release(batch)
    batch.complete(queue.partition, baseOffset, logAppendTimeMs, this.#parts.client.log)
    this.#parts.onSettled(batch, [])
    this.#parts.accumulator.rotate(queue)
  }

  #fail(queue: PartitionQueue, batch: ProducerBatch, error: KafkaError): void {
    queue.giveUp(batch)
    this.#parts.accumulator.release(batch)
    batch.fail(error, this.#parts.client.log)
    this.#parts.onSettled(batch, [])
    this.#parts.accumulator.rotate(queue)
  }

  /** Fails what waited longer than delivery.timeout.ms; what is under way is bounded by its request. */
  #expire(now: number): void {
    const { deliveryTimeoutMs } = this.#parts.producer
    if (deliveryTimeoutMs === Infinity) return
    for (const queue of this.#parts.accumulator.active) {
      for (const batch of queue.removeOlderThan(now - deliveryTimeoutMs)) {
        const age = Math.round(now - batch.place.createdAtMs)
        const where = `${queue.topic}-${queue.partition}`
        const text = `Expiring ${batch.count} record(s) for ${where}:${age} ms has passed since batch creation`
        const cause = batch.lastError
        this.#fail(queue, batch, new KafkaError('REQUEST_TIMED_OUT', text, cause === null ? {} : { cause }))
      }
      this.wakeAt(queue.oldestWaitingMs + deliveryTimeoutMs)
    }
  }

  /** The broker lost track of the partition's sequence: go on under a new epoch of the producer id. */
  #renewEpoch(queue: PartitionQueue): void {
    const current = this.#identity
    if (current === null) return
    const renewed = queue.identity === current ? nextEpoch(current) : current
    this.#identity = renewed
    if (renewed === null) return this.#askForId()
    this.#parts.client.log.warn('The broker does not know the sequence of this producer; starting a new epoch', {
      topic: queue.topic,
      partition: queue.partition,
      epoch: renewed.epoch,
    })
    queue.restart(renewed)
  }

  #askForId(): void {
    if (this.#isAskingForId) return
    this.#isAskingForId = true
    initProducerId(this.#parts.metadata, this.#parts.client, this.#closing.signal).then(
      (identity) => {
        this.#identity = identity
        this.#isAskingForId = false
        this.wake()
      },
      (error: unknown) => {
        if (this.#closing.signal.aborted) return
        this.#parts.onFatal(error instanceof KafkaError ? error : new KafkaError('UNKNOWN_SERVER_ERROR', String(error)))
      },
    )
  }
}

const sequenceErrors: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
])

function byTopic(entries: readonly Outgoing[]): ProduceTopic[] {
  const topics = new Map<string, ProduceTopic>()
  for (const { queue, bytes } of entries) {
    const topic = topics.get(queue.topic) ?? { name: queue.topic, partitionData: [] }
    topics.set(queue.topic, topic)
    topic.partitionData.push({ index: queue.partition, records: bytes })
  }
  return [...topics.values()]
}

interface ProduceTopic {
  readonly name: string
  readonly partitionData: { readonly index: number; readonly records: Buffer }[]
}
