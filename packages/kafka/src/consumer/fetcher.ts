import type { ClientSettings } from '../client-settings.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionPool } from '../connection/connection-pool.ts'
import { longestTimerMs } from '../connection/delay.ts'
import { FramePool } from '../connection/frame-pool.ts'
import { byTopic } from '../by-topic.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import type { Leader, Metadata } from '../metadata/metadata.ts'
import { partitionKey } from '../partition-key.ts'
import type { Messages } from '../protocol/api-table.ts'
import type { AssignedPartition } from './assigned-partition.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import { FetchLease } from './fetch-lease.ts'
import { readFetched } from './read-fetched.ts'
import { visibleBatches } from './visible-batches.ts'

/** What the fetcher works on, and whom it tells. */
export interface FetcherParts {
  readonly metadata: Metadata
  readonly pool: ConnectionPool
  readonly client: ClientSettings
  readonly consumer: ConsumerSettings
  /** Every assigned partition. */
  partitions(): Iterable<AssignedPartition>
  find(topic: string, partition: number): AssignedPartition | undefined
  /** Something was fetched for this partition, an error included. */
  onFetched(partition: AssignedPartition): void
}

/** One partition's place in a request, to tell whether the answer is still wanted. */
interface Question {
  readonly partition: AssignedPartition
  readonly epoch: number
  readonly offset: number
}

interface FetchSource {
  readonly leader: Leader
  readonly purpose: string
}

interface BrokerState {
  /** The connections on which a fetch is under way. */
  readonly busy: Set<string>
  /** Fetches whose memory is still in use, those under way included. */
  leases: number
}

type PartitionResponse = Messages['Fetch']['response']['responses'][number]['partitions'][number]

/** I9: one fetch that is being read and one that is under way or waiting, for each broker. */
const mostLeases = 2
/** The connection of most fetches, and the one for partitions that begin anew while a long poll occupies it. */
const [mainPurpose, freshPurpose] = ['fetch', 'fetch-fresh']

/**
 * Keeps fetching ahead of what is delivered: from each broker one request at a time, for every partition that it leads
 * and that is neither paused nor waiting, as long as the memory of its earlier fetches is given back. A partition that
 * was sought, resumed or assigned meanwhile does not wait for that request, which may be a long poll of others.
 */
export class Fetcher {
  readonly #parts: FetcherParts
  readonly #frames = new FramePool()
  readonly #brokers = new Map<number, BrokerState>()
  #timer: { readonly handle: NodeJS.Timeout; readonly atMs: number } | null = null
  #rotation = 0
  #isClosed = false
  #isPumping = false

  constructor(parts: FetcherParts) {
    this.#parts = parts
  }

  /** Starts what can be started now. */
  pump(): void {
    if (this.#isClosed || this.#isPumping) return
    this.#isPumping = true
    const now = performance.now()
    const byBroker = new Map<number, { leader: Leader; questions: Question[] }>()
    for (const partition of this.#parts.partitions()) {
      const leader = this.#fetchableFrom(partition, now)
      if (leader === null) continue
      const group = byBroker.get(leader.nodeId) ?? { leader, questions: [] }
      byBroker.set(leader.nodeId, group)
      group.questions.push({ partition, epoch: partition.epoch, offset: partition.fetchPosition })
    }
    for (const { leader, questions } of byBroker.values()) this.#fetchFrom(leader, questions)
    this.#isPumping = false
  }

  close(): void {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer.handle)
  }

  #fetchableFrom(partition: AssignedPartition, now: number): Leader | null {
    if (partition.isPaused || partition.isBlocked || partition.position === null) return null
    if (partition.retryAtMs > now) {
      this.#pumpAt(partition.retryAtMs)
      return null
    }
    const { metadata, client, consumer } = this.#parts
    const leader = metadata.leader(partition)
    if (leader !== null) return leader
    metadata.requestUpdate(partition.topic, { create: consumer.allowAutoCreateTopics })
    this.#pumpAt(now + client.retry.maxMs)
    return null
  }

  #fetchFrom(leader: Leader, questions: readonly Question[]): void {
    const state = this.#brokers.get(leader.nodeId) ?? { busy: new Set(), leases: 0 }
    this.#brokers.set(leader.nodeId, state)
    if (state.leases >= mostLeases) return
    const isMainBusy = state.busy.has(mainPurpose)
    if (isMainBusy && state.busy.has(freshPurpose)) return
    const asked = questions.filter(({ partition }) => !partition.isAsked && (!isMainBusy || partition.isFresh))
    if (asked.length === 0) return
    // Brokers fill an answer in the order asked, up to fetch.max.bytes: let each partition come first in turn.
    const first = this.#rotation++ % asked.length
    const rotated = [...asked.slice(first), ...asked.slice(0, first)]
    void this.#fetch({ leader, purpose: isMainBusy ? freshPurpose : mainPurpose }, rotated, state)
  }

  /** Never rejects. Gives up one lease of the broker when the memory of the answer is no longer used. */
  async #fetch(from: FetchSource, questions: readonly Question[], state: BrokerState): Promise<void> {
    state.busy.add(from.purpose)
    state.leases++
    for (const { partition } of questions) partition.ask()
    const free = (): void => {
      state.leases--
      this.pump()
    }
    let lease: FetchLease | null = null
    try {
      const connection = await this.#parts.pool.get(from.leader.address, from.purpose)
      const { body, frame } = await this.#ask(connection, questions)
      lease = new FetchLease(frame, free)
      if (!this.#isClosed) this.#take(body, questions, lease)
    } catch (error) {
      const failure = error instanceof KafkaError ? error : new KafkaError('UNKNOWN_SERVER_ERROR', String(error))
      for (const { partition, epoch } of questions) if (partition.epoch === epoch) this.#putOff(partition, failure)
    }
    state.busy.delete(from.purpose)
    for (const { partition, epoch } of questions) partition.answered(epoch)
    if (lease === null) free()
    else lease.release()
    this.pump()
  }

  async #ask(
    connection: Connection,
    questions: readonly Question[],
  ): ReturnType<typeof connection.callPooled<'Fetch'>> {
    const { consumer, client, metadata } = this.#parts
    const byPartition = questions.map(({ partition: { topic, partition }, offset }) => ({ topic, partition, offset }))
    const body = {
      maxWaitMs: consumer.fetchMaxWaitMs,
      minBytes: consumer.fetchMinBytes,
      maxBytes: consumer.fetchMaxBytes,
      isolationLevel: consumer.isolationLevel === 'read_committed' ? 1 : 0,
      topics: byTopic(byPartition, ({ topic, partition, offset }) => ({
        partition,
        currentLeaderEpoch: metadata.leader({ topic, partition })?.epoch ?? -1,
        fetchOffset: offset,
        partitionMaxBytes: consumer.maxPartitionFetchBytes,
      })).map(([topic, partitions]) => ({ topic, partitions })),
    }
    const timeoutMs = consumer.fetchMaxWaitMs + client.connection.requestTimeoutMs
    return await connection.callPooled('Fetch', body, { frames: this.#frames, timeoutMs })
  }

  #take(body: Messages['Fetch']['response'], questions: readonly Question[], lease: FetchLease): void {
    if (body.errorCode !== errorCode.NONE) throw errorFromCode(body.errorCode, 'Fetching')
    const asked = new Map(questions.map((question) => [partitionKey(question.partition), question]))
    for (const { topic, partitions } of body.responses) {
      for (const answer of partitions) {
        const question = asked.get(partitionKey({ topic, partition: answer.partitionIndex }))
        const partition = this.#parts.find(topic, answer.partitionIndex)
        // Sought, paused or assigned anew since: the answer is to a question that nobody asks any more.
        const isWanted =
          question !== undefined && partition === question.partition && partition.epoch === question.epoch
        if (isWanted) this.#takePartition(partition, question, answer, lease)
      }
    }
  }

  #takePartition(partition: AssignedPartition, question: Question, answer: PartitionResponse, lease: FetchLease): void {
    const doing = `Fetching from ${partitionKey(partition)} at offset ${question.offset}`
    if (answer.errorCode !== errorCode.NONE) {
      return this.#takeError(partition, errorFromCode(answer.errorCode, doing), lease)
    }
    partition.failures = 0
    partition.retryAtMs = 0
    if (answer.records === null || answer.records.length === 0) return
    const { checkCrcs, isolationLevel } = this.#parts.consumer
    const { batches, error } = readFetched(answer.records, checkCrcs)
    const isVisible = visibleBatches(batches, answer.abortedTransactions, isolationLevel)
    for (const [index, batch] of batches.entries()) {
      if (batch.nextOffset <= partition.fetchPosition) continue
      const visible = isVisible[index] === true && batch.count > 0 ? batch : null
      partition.add({ batch: visible, error: null, nextOffset: batch.nextOffset, lease })
    }
    if (batches.length > 0) this.#parts.onFetched(partition)
    if (error === null) return
    const failure = new KafkaError(error.errorName, `${doing}: ${error.message}`, { cause: error })
    this.#takeError(partition, failure, lease)
  }

  #takeError(partition: AssignedPartition, error: KafkaError, lease: FetchLease): void {
    this.#putOff(partition, error)
    if (mendedByMetadata.has(error.errorName)) return
    // Delivered in its place, after what was fetched before it.
    partition.add({ batch: null, error, nextOffset: partition.fetchPosition, lease })
    this.#parts.onFetched(partition)
  }

  #putOff(partition: AssignedPartition, error: KafkaError): void {
    if (this.#isClosed) return
    partition.failures++
    partition.retryAtMs = performance.now() + backoffMs(partition.failures, this.#parts.client.retry)
    const { metadata, consumer } = this.#parts
    metadata.requestUpdate(partition.topic, { create: consumer.allowAutoCreateTopics })
    this.#parts.client.log.debug('A fetch is put off', { partition: partitionKey(partition), error: error.message })
  }

  #pumpAt(atMs: number): void {
    if (this.#timer !== null && this.#timer.atMs <= atMs) return
    if (this.#timer !== null) clearTimeout(this.#timer.handle)
    const inMs = Math.min(Math.max(1, Math.ceil(atMs - performance.now())), longestTimerMs)
    const handle = setTimeout(() => {
      this.#timer = null
      this.pump()
    }, inMs)
    this.#timer = { handle, atMs }
  }
}

/** What asking the right broker, or asking later, mends: not for the caller of `poll`. */
const mendedByMetadata: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'UNKNOWN_SERVER_ERROR',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
])
