import type { TopicPartition } from '@sluice/api'
import { backoffMs } from '../connection/backoff.ts'
import { formatAddress } from '../connection/broker-address.ts'
import type { BrokerAddress } from '../connection/broker-address.ts'
import type { Connection } from '../connection/connection.ts'
import { ConnectionPool } from '../connection/connection-pool.ts'
import { delay } from '../connection/delay.ts'
import { withRetries } from '../connection/with-retries.ts'
import type { ClientSettings } from '../client-settings.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import type { BrokerInfo, ClusterInfo } from '../ports.ts'
import type { Messages } from '../protocol/api-table.ts'
import { zeroUuid } from '../protocol/field-defaults.ts'
import { mergeTopic, readTopic } from './topic-metadata.ts'
import type { TopicMetadata } from './topic-metadata.ts'

/** The broker to ask about a partition. */
export interface Leader {
  readonly nodeId: number
  readonly address: BrokerAddress
  /** -1 when the broker did not say. */
  readonly epoch: number
}

/** What was answered about some topics. */
export interface MetadataAnswer {
  readonly cluster: ClusterInfo
  readonly topics: ReadonlyMap<string, TopicMetadata | KafkaError>
}

type MetadataResponse = Messages['Metadata']['response']

/** How long a question about the cluster may take: a broker that hangs must not keep the client from asking another. */
const longestAnswerMs = 10_000

/**
 * What one client knows of the cluster. Look-ups are answered from memory; topics that are used are asked for again
 * when they grow old, and at once when a broker says that the knowledge is out of date.
 */
export class Metadata {
  readonly #settings: ClientSettings
  readonly #pool: ConnectionPool
  readonly #closing = new AbortController()
  readonly #topics = new Map<string, TopicMetadata>()
  readonly #failures = new Map<string, KafkaError>()
  /** Topics to ask for, and whether the broker may create them. */
  readonly #stale = new Map<string, boolean>()
  readonly #listeners = new Set<() => void>()
  #brokers: ReadonlyMap<number, BrokerInfo> = new Map()
  #isUpdating = false
  #lastUpdateMs = -Infinity

  constructor(settings: ClientSettings) {
    this.#settings = settings
    this.#pool = new ConnectionPool(settings.connection, settings.reconnect)
  }

  /** The time to give a question about the cluster that any broker can answer. */
  get answerTimeoutMs(): number {
    return Math.min(longestAnswerMs, this.#settings.connection.requestTimeoutMs)
  }

  /** The topic as far as it is known. */
  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  /** Why the topic could not be described when it was last asked for. */
  failure(name: string): KafkaError | undefined {
    return this.#failures.get(name)
  }

  /** The leader of a partition, or null while none is known. */
  leader(partition: TopicPartition): Leader | null {
    const topic = this.#topics.get(partition.topic)
    if (topic === undefined) return null
    if (performance.now() - topic.fetchedAtMs > this.#settings.metadataMaxAgeMs) this.requestUpdate(partition.topic)
    const found = topic.partitions[partition.partition]
    const broker = found === undefined ? undefined : this.#brokers.get(found.leader)
    return found === undefined || broker === undefined
      ? null
      : { nodeId: broker.id, address: broker, epoch: found.leaderEpoch }
  }

  /** Called after each answer. Returns the way to stop listening. */
  onUpdate(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks for the topic again in the background, not more often than the retry back-off. */
  requestUpdate(topic: string, options: { readonly create: boolean } = { create: false }): void {
    this.#stale.set(topic, options.create || this.#stale.get(topic) === true)
    if (this.#isUpdating) return
    this.#isUpdating = true
    void this.#update()
  }

  /**
   * Asks one broker that can be reached about these topics (null: all).
   * @throws KafkaError naming every address tried when none can be reached
   */
  async ask(topics: readonly string[] | null, options: { readonly create: boolean }): Promise<MetadataAnswer> {
    const request = {
      topics: topics === null ? null : topics.map((name) => ({ topicId: zeroUuid, name })),
      allowAutoTopicCreation: options.create,
    }
    const { answerTimeoutMs: timeoutMs } = this
    const response = await this.anyBroker((connection) => connection.call('Metadata', request, { timeoutMs }))
    return this.#take(response, topics === null)
  }

  /** The topic with its partitions, waiting until the broker has it. */
  async require(
    name: string,
    options: { readonly create: boolean; readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<TopicMetadata> {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const bounds = { timeoutMs: options.timeoutMs, backoff: this.#settings.retry, signal: options.signal }
    return await withRetries(`Asking for metadata of topic ${name}`, bounds, async () => {
      const { topics } = await this.ask([name], options)
      const topic = topics.get(name)
      if (topic instanceof KafkaError) throw topic
      if (topic !== undefined && topic.partitions.length > 0) return topic
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic ${name} not present in metadata`)
    })
  }

  /** The address of a broker by its id, or null while it is not known. */
  broker(nodeId: number): BrokerAddress | null {
    return this.#brokers.get(nodeId) ?? null
  }

  /** Does something on whichever broker answers: those known, then the bootstrap servers. */
  async anyBroker<T>(
    work: (connection: Connection) => Promise<T>,
    via: { readonly pool: ConnectionPool; readonly purpose: string } = { pool: this.#pool, purpose: 'metadata' },
  ): Promise<T> {
    const failures: KafkaError[] = []
    for (const address of this.#candidates(via)) {
      if (this.#closing.signal.aborted) break
      try {
        return await work(await via.pool.get(address, via.purpose))
      } catch (error) {
        if (!(error instanceof KafkaError) || !error.retriable) throw error
        failures.push(error)
      }
    }
    if (this.#closing.signal.aborted) throw new KafkaError('NETWORK_EXCEPTION', 'The Kafka client was closed')
    const [only] = failures
    if (only !== undefined && failures.length === 1) throw only
    const all = failures.map((failure) => failure.message).join(' ')
    throw new KafkaError('NETWORK_EXCEPTION', `No broker can be reached. ${all}`, { cause: failures.at(-1) })
  }

  /** Ends the connections and every wait. */
  close(): void {
    this.#closing.abort()
    this.#pool.close()
    this.#listeners.clear()
  }

  /** Every address once, those that need no back-off first, else in random order. */
  #candidates(via: { readonly pool: ConnectionPool; readonly purpose: string }): readonly BrokerAddress[] {
    const known = shuffled([...this.#brokers.values()].map(({ host, port }) => ({ host, port })))
    const all = [...known, ...shuffled(this.#settings.bootstrap)]
    const unique = [...new Map(all.map((address) => [formatAddress(address), address])).values()]
    const waits = new Map(unique.map((address) => [address, via.pool.backoffLeftMs(address, via.purpose)]))
    return unique.sort((a, b) => (waits.get(a) ?? 0) - (waits.get(b) ?? 0))
  }

  /** Of an answer about all topics only those are kept that were known: a cluster may have very many. */
  #take(response: MetadataResponse, isAll: boolean): MetadataAnswer {
    const brokers = response.brokers.map(({ nodeId: id, host, port, rack }) => ({ id, host, port, rack }))
    this.#brokers = new Map(brokers.map((broker) => [broker.id, broker]))
    const now = performance.now()
    const topics = new Map<string, TopicMetadata | KafkaError>()
    for (const topicResponse of response.topics) {
      const answered = readTopic(topicResponse, now)
      const name = topicResponse.name ?? topicResponse.topicId
      if (isAll && !this.#topics.has(name)) {
        topics.set(name, answered)
      } else if (answered instanceof KafkaError) {
        topics.set(name, answered)
        this.#noteFailure(name, answered)
        if (answered.errorName === 'UNKNOWN_TOPIC_OR_PARTITION') this.#topics.delete(name)
      } else {
        const merged = mergeTopic(this.#topics.get(name), answered)
        topics.set(name, merged)
        this.#failures.delete(name)
        this.#topics.set(name, merged)
      }
    }
    for (const listener of this.#listeners) listener()
    return { cluster: { clusterId: response.clusterId, controllerId: response.controllerId, brokers }, topics }
  }

  /** I3: said once, however often it is met. */
  #noteFailure(topic: string, error: KafkaError): void {
    if (this.#failures.get(topic)?.errorName === error.errorName) return
    this.#failures.set(topic, error)
    this.#settings.log.warn('A topic has no usable metadata', { topic, error: error.message })
  }

  /** Never rejects: what cannot be asked now is asked again. */
  async #update(): Promise<void> {
    for (let failures = 0; this.#stale.size > 0 && !this.#closing.signal.aborted;) {
      const pause = backoffMs(Math.max(1, failures), this.#settings.retry)
      await delay(this.#lastUpdateMs + pause - performance.now(), this.#closing.signal)
      this.#lastUpdateMs = performance.now()
      const asked = new Map(this.#stale)
      this.#stale.clear()
      try {
        for (const create of [true, false]) {
          const topics = [...asked.keys()].filter((topic) => asked.get(topic) === create)
          if (topics.length > 0) await this.ask(topics, { create })
        }
        if (failures > 0) this.#settings.log.info('A Kafka broker answers again', {})
        failures = 0
      } catch (error) {
        if (this.#closing.signal.aborted) break
        failures++
        for (const [topic, create] of asked) this.requestUpdate(topic, { create })
        if (failures === 1) this.#settings.log.warn('No Kafka broker answers; trying again', { error: String(error) })
      }
    }
    this.#isUpdating = false
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    const [a, b] = [result[i], result[j]]
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a]
  }
  return result
}
