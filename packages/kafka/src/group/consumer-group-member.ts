import type { TopicPartition } from '@sluice/api'
import { byTopic } from '../by-topic.ts'
import type { ClientSettings } from '../client-settings.ts'
import { longestTimerMs } from '../connection/delay.ts'
import { withRetries } from '../connection/with-retries.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type {
  ConsumerGroupMemberOptions,
  ConsumerGroupMemberPort,
  GroupGeneration,
  GroupLease,
  GroupRound,
  JoinedGroup,
} from '../ports.ts'
import {
  decodeConsumerAssignment,
  decodeConsumerSubscription,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
} from '../protocol/consumer-protocol.ts'
import { GroupMember } from './group-member.ts'
import { assignRanges } from './range-assignor.ts'
import { TopicWatch } from './topic-watch.ts'

/** The version of the consumer protocol's bytes that we write: the first with owned partitions, which range leaves empty. */
const protocolVersion = 1

/** A member of a consumer group that divides partitions in ranges and gives all up before each rebalance. */
export class ConsumerGroupMember implements ConsumerGroupMemberPort {
  readonly #client: ClientSettings
  readonly #options: ConsumerGroupMemberOptions
  readonly #watch: TopicWatch
  readonly #member: GroupMember
  readonly #maxPollIntervalMs: number
  readonly #closing = new AbortController()
  #assignment: readonly TopicPartition[] = []
  #ownedUnder: GroupGeneration | null = null
  #polledAtMs = 0
  #pollTimer: NodeJS.Timeout | null = null

  constructor(client: ClientSettings, metadata: Metadata, options: ConsumerGroupMemberOptions) {
    this.#client = client
    this.#options = options
    this.#maxPollIntervalMs = options.maxPollIntervalMs ?? 300_000
    this.#member = new GroupMember(client, metadata, {
      groupId: options.groupId,
      protocolType: 'consumer',
      groupInstanceId: options.groupInstanceId ?? null,
      sessionTimeoutMs: options.sessionTimeoutMs,
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? this.#maxPollIntervalMs,
      protocols: () => [{ name: 'range', metadata: encodeSubscription(this.#watch.topics) }],
      onPrepare: () => this.#prepare(),
      assign: (round) => this.#assign(round),
      onJoined: (joined) => this.#joined(joined),
      onLost: (reason) => this.#lost(reason),
    })
    this.#watch = new TopicWatch({
      metadata,
      settings: client,
      topics: options.topics,
      create: options.allowAutoCreateTopics ?? true,
      onChange: (reason) => this.#member.requestRejoin(reason),
    })
    void this.#member.ended.then(() => this.#stop())
  }

  get ended(): Promise<KafkaError | null> {
    return this.#member.ended
  }

  start(): Promise<void> {
    return this.#member.start()
  }

  assignment(): readonly TopicPartition[] {
    return this.#assignment
  }

  generation(): GroupGeneration | null {
    return this.#ownedUnder === null ? null : this.#member.generation()
  }

  lease(): GroupLease | null {
    return this.#member.lease()
  }

  markPolled(): void {
    this.#polledAtMs = performance.now()
    this.#member.resume()
  }

  requestRejoin(reason: string): void {
    this.#member.requestRejoin(reason)
  }

  leave(reason: string): Promise<void> {
    // Whatever the next join waits for is not needed any more.
    this.#closing.abort()
    return this.#member.leave(reason)
  }

  /** Ends without a word to the coordinator. */
  close(): void {
    this.#member.close()
  }

  async #prepare(): Promise<void> {
    const generation = this.#ownedUnder
    if (generation !== null) await this.#options.onRevoked(this.#assignment, generation)
    this.#disown()
    if (!this.#closing.signal.aborted) await this.#refreshTopics()
  }

  /** A pattern cannot be resolved without the cluster: there is no joining before it answers. */
  async #refreshTopics(): Promise<void> {
    const bounds = { timeoutMs: Infinity, backoff: this.#client.retry, signal: this.#closing.signal }
    try {
      await withRetries('Finding the topics of the subscription', bounds, () => this.#watch.refresh())
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error
    }
  }

  async #assign(round: GroupRound): Promise<ReadonlyMap<string, Uint8Array>> {
    const members = round.members.map(({ memberId, groupInstanceId, metadata }) => ({
      memberId,
      groupInstanceId,
      topics: decodeConsumerSubscription(asBuffer(metadata)).topics,
    }))
    const counts = await this.#watch.divide([...new Set(members.flatMap((member) => member.topics))])
    const assigned = assignRanges(counts, members)
    return new Map([...assigned].map(([memberId, partitions]) => [memberId, encodeAssignment(partitions)]))
  }

  async #joined(joined: JoinedGroup): Promise<void> {
    if (joined.leaderId !== joined.generation.memberId) this.#watch.follow()
    this.#watch.watch()
    this.#assignment = decodeAssignment(joined.assignment)
    this.#ownedUnder = joined.generation
    this.#polledAtMs = performance.now()
    this.#pollTimer ??= this.#checkPollsIn(this.#maxPollIntervalMs)
    await this.#options.onAssigned(this.#assignment, joined.generation)
  }

  async #lost(reason: KafkaError): Promise<void> {
    const partitions = this.#assignment
    const wasOwner = this.#ownedUnder !== null
    this.#disown()
    if (wasOwner) await this.#options.onLost(partitions, reason)
  }

  #disown(): void {
    this.#assignment = []
    this.#ownedUnder = null
  }

  #checkPollsIn(inMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#checkPolls(), Math.min(inMs, longestTimerMs))
  }

  #checkPolls(): void {
    const now = performance.now()
    // Who waits for the others to join cannot poll.
    if (this.#member.isJoining) this.#polledAtMs = now
    const left = this.#polledAtMs + this.#maxPollIntervalMs - now
    this.#pollTimer = this.#checkPollsIn(left > 0 ? left : this.#maxPollIntervalMs)
    if (left > 0) return
    const text = `No poll for ${this.#maxPollIntervalMs} ms (max.poll.interval.ms): the member of group ${this.#options.groupId} leaves until it polls again`
    this.#member.suspend(new KafkaError('UNKNOWN_MEMBER_ID', text))
  }

  #stop(): void {
    this.#closing.abort()
    this.#watch.close()
    if (this.#pollTimer !== null) clearTimeout(this.#pollTimer)
  }
}

function encodeSubscription(topics: readonly string[]): Uint8Array {
  return encodeConsumerSubscription({ topics, userData: null, ownedPartitions: [] }, protocolVersion)
}

function encodeAssignment(partitions: readonly TopicPartition[]): Uint8Array {
  const assignedPartitions = byTopic(partitions, ({ partition }) => partition).map(([topic, numbers]) => ({
    topic,
    partitions: numbers,
  }))
  return encodeConsumerAssignment({ assignedPartitions, userData: null }, protocolVersion)
}

/** A member that the leader left out gets no bytes at all. */
function decodeAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return []
  const { assignedPartitions } = decodeConsumerAssignment(asBuffer(bytes))
  return assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
