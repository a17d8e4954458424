import type { TopicPartition } from '@sluice/api'
import type { ClientSettings } from '../client-settings.ts'
import { ConnectionPool } from '../connection/connection-pool.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import { Coordinator } from '../group/coordinator.ts'
import { commitOffsets, fetchOffsets } from '../group/group-offsets.ts'
import type { CommitOwner } from '../group/group-offsets.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { partitionKey } from '../partition-key.ts'
import type { CommitOffset, ConsumerOptions, ConsumerPort, FetchedBatch, OffsetMap, OffsetSpec } from '../ports.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { AssignedPartition } from './assigned-partition.ts'
import type { FetchedItem } from './assigned-partition.ts'
import { resolveConsumerOptions } from './consumer-settings.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import { FetchedRecords } from './fetched-records.ts'
import { Fetcher } from './fetcher.ts'
import { lookUpOffsets } from './offset-lookup.ts'
import { PollWait } from './poll-wait.ts'
import { PositionReset } from './position-reset.ts'

// Fetch answers come in large pieces; each read of the socket should take a good part of one.
const readBufferSize = 256 * 1024

/** The consumer of one host over one client's metadata, with connections of its own. */
export class KafkaConsumer implements ConsumerPort {
  readonly #client: ClientSettings
  readonly #settings: ConsumerSettings
  readonly #metadata: Metadata
  readonly #pool: ConnectionPool
  readonly #fetcher: Fetcher
  readonly #reset: PositionReset
  readonly #closing = new AbortController()
  readonly #coordinators = new Map<string, Coordinator>()
  readonly #wait = new PollWait()
  readonly #forgetMetadata: () => void
  readonly #onClosed: () => void
  /** Partitions with something to deliver, those that had to wait longest first. */
  readonly #fetched = new Set<AssignedPartition>()
  #isPolling = false
  #assigned: ReadonlyMap<string, AssignedPartition> = new Map()

  constructor(client: ClientSettings, metadata: Metadata, options: ConsumerOptions, onClosed: () => void) {
    this.#onClosed = onClosed
    this.#client = client
    this.#settings = resolveConsumerOptions(options)
    this.#metadata = metadata
    this.#pool = new ConnectionPool({ ...client.connection, readBufferSize }, client.reconnect)
    this.#fetcher = new Fetcher({
      metadata,
      pool: this.#pool,
      client,
      consumer: this.#settings,
      partitions: () => this.#assigned.values(),
      find: (topic, partition) => this.#assigned.get(partitionKey({ topic, partition })),
      onFetched: (partition) => {
        this.#fetched.add(partition)
        this.#wait.signal()
      },
    })
    this.#reset = new PositionReset({
      policy: this.#settings.offsetReset,
      log: client.log,
      lookUp: (queries) => this.#lookUp(queries),
      onDone: () => {
        this.#fetcher.pump()
        this.#wait.signal()
      },
    })
    this.#forgetMetadata = metadata.onUpdate(() => this.#fetcher.pump())
  }

  assign(partitions: readonly TopicPartition[]): void {
    const before = this.#assigned
    const next = new Map<string, AssignedPartition>()
    for (const partition of partitions) {
      const key = partitionKey(partition)
      next.set(key, before.get(key) ?? new AssignedPartition(partition))
    }
    for (const [key, partition] of before) {
      if (!next.has(key)) this.#discard(partition)
    }
    this.#assigned = next
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#assigned.values()].map(plain)
  }

  async poll(timeoutMs: number, maxRecords: number): Promise<readonly FetchedBatch[]> {
    if (this.#isPolling) throw new KafkaError('INVALID_REQUEST', 'A poll of this consumer is under way already')
    this.#isPolling = true
    try {
      return await this.#poll(timeoutMs, maxRecords)
    } finally {
      this.#isPolling = false
    }
  }

  async #poll(timeoutMs: number, maxRecords: number): Promise<readonly FetchedBatch[]> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      if (this.#closing.signal.aborted) throw closedError()
      if (this.#wait.takeWakeup()) return []
      this.#reset.start(this.#assigned.values())
      this.#fetcher.pump()
      const batches = this.#deliver(maxRecords)
      if (batches.length > 0) return batches
      const left = deadline - performance.now()
      if (left <= 0) return []
      await this.#wait.forSignal(left)
    }
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of this.#each(partitions)) {
      if (partition.isPaused) continue
      partition.isPaused = true
      // Not kept for later: its memory is needed for the partitions that go on.
      this.#discard(partition)
    }
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of this.#each(partitions)) partition.isPaused = false
    this.#fetcher.pump()
  }

  paused(): readonly TopicPartition[] {
    return [...this.#assigned.values()].filter((partition) => partition.isPaused).map(plain)
  }

  seek(partition: TopicPartition, offset: number): void {
    const [found] = this.#each([partition])
    if (found === undefined) return
    this.#fetched.delete(found)
    found.seek(offset)
  }

  async position(partition: TopicPartition): Promise<number> {
    const [found] = this.#each([partition])
    for (;;) {
      if (this.#closing.signal.aborted) throw closedError()
      if (found !== undefined && found.position !== null) return found.position
      this.#reset.start(this.#assigned.values())
      await this.#reset.settled()
    }
  }

  async commit(offsets: readonly CommitOffset[], owner: CommitOwner): Promise<void> {
    if (offsets.length === 0) return
    const doing = `Committing offsets for group ${owner.groupId}`
    const coordinator = this.#coordinator(owner.groupId)
    await coordinator.retrying(doing, async () => {
      for (const error of (await commitOffsets(coordinator, offsets, owner)).values()) {
        if (error !== null) throw error
      }
    })
  }

  async committed(groupId: string, partitions: readonly TopicPartition[]): Promise<OffsetMap> {
    if (partitions.length === 0) return new Map()
    return await fetchOffsets(this.#coordinator(groupId), partitions)
  }

  async beginningOffsets(partitions: readonly TopicPartition[]): Promise<OffsetMap> {
    return await this.#lookUpAll(partitions, 'earliest')
  }

  async endOffsets(partitions: readonly TopicPartition[]): Promise<OffsetMap> {
    return await this.#lookUpAll(partitions, 'latest')
  }

  wakeup(): void {
    this.#wait.wakeup()
  }

  close(): Promise<void> {
    this.#closing.abort()
    this.#fetcher.close()
    this.#forgetMetadata()
    for (const partition of this.#assigned.values()) this.#discard(partition)
    this.#assigned = new Map()
    this.#pool.close()
    this.#wait.signal()
    this.#onClosed()
    return Promise.resolve()
  }

  /** The assigned partitions among these; asking for another is a mistake of the caller. */
  #each(partitions: readonly TopicPartition[]): AssignedPartition[] {
    return partitions.map((partition) => {
      const found = this.#assigned.get(partitionKey(partition))
      if (found !== undefined) return found
      throw new KafkaError('INVALID_REQUEST', `No current assignment for partition ${partitionKey(partition)}`)
    })
  }

  #discard(partition: AssignedPartition): void {
    this.#fetched.delete(partition)
    partition.discard()
  }

  /** What is there, up to so many records. An error comes out when nothing stands before it. */
  #deliver(maxRecords: number): FetchedBatch[] {
    const batches: FetchedBatch[] = []
    let room = maxRecords
    for (const partition of this.#fetched) {
      while (room > 0 && partition.head !== undefined) {
        const { head } = partition
        const error = head.batch === null ? head.error : openError(head.batch)
        if (error !== null) {
          if (batches.length > 0) return batches
          this.#meet(partition, error)
        } else {
          const batch = takeRecords(partition, head, room)
          if (batch === null) continue
          batches.push(batch)
          room -= batch.count
        }
      }
      if (partition.head === undefined) this.#fetched.delete(partition)
      if (room <= 0) break
    }
    return batches
  }

  /** The error is next in line: one that the reset policy mends is mended, any other thrown. */
  #meet(partition: AssignedPartition, error: KafkaError): void {
    this.#discard(partition)
    if (error.errorName === 'OFFSET_OUT_OF_RANGE' && this.#settings.offsetReset !== 'none') {
      this.#reset.request(partition)
      this.#reset.start(this.#assigned.values())
      return
    }
    throw error
  }

  #coordinator(groupId: string): Coordinator {
    const known = this.#coordinators.get(groupId)
    if (known !== undefined) return known
    const coordinator = new Coordinator(groupId, {
      metadata: this.#metadata,
      pool: this.#pool,
      settings: this.#client,
      signal: this.#closing.signal,
    })
    this.#coordinators.set(groupId, coordinator)
    return coordinator
  }

  async #lookUpAll(partitions: readonly TopicPartition[], at: OffsetSpec): Promise<OffsetMap> {
    return await this.#lookUp(partitions.map(({ topic, partition }) => ({ topic, partition, at })))
  }

  async #lookUp(queries: readonly (TopicPartition & { readonly at: OffsetSpec })[]): Promise<OffsetMap> {
    return await lookUpOffsets(queries, {
      metadata: this.#metadata,
      pool: this.#pool,
      settings: this.#client,
      signal: this.#closing.signal,
      isolation: this.#settings.isolationLevel,
      create: this.#settings.allowAutoCreateTopics,
    })
  }
}

/** Decompresses the batch where that is still to be done; the error, if it cannot be read. */
function openError(batch: RecordBatch): KafkaError | null {
  try {
    batch.open()
    return null
  } catch (error) {
    return error instanceof KafkaError ? error : new KafkaError('CORRUPT_MESSAGE', String(error))
  }
}

/** The next records of the head, at most `room`; null when it has none at or after the position. */
function takeRecords(partition: AssignedPartition, head: FetchedItem, room: number): FetchedRecords | null {
  const { batch } = head
  const position = partition.position ?? 0
  const from = batch === null ? 0 : firstAtOrAfter(batch, position)
  if (batch === null || from === batch.count) {
    partition.finishHead()
    return null
  }
  const to = Math.min(batch.count, from + room)
  const isWhole = to === batch.count
  const nextOffset = isWhole ? head.nextOffset : batch.offset(to)
  const { topic, partition: number } = partition
  const records = new FetchedRecords(batch, { topic, partition: number, from, to, nextOffset }, head.lease)
  if (isWhole) partition.finishHead()
  else partition.advance(nextOffset)
  return records
}

/** Offsets grow within a batch, but compaction leaves gaps: a binary search. */
function firstAtOrAfter(batch: RecordBatch, offset: number): number {
  if (batch.baseOffset >= offset) return 0
  let [low, high] = [0, batch.count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (batch.offset(middle) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function plain({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition }
}

function closedError(): KafkaError {
  return new KafkaError('UNKNOWN_SERVER_ERROR', 'This consumer has already been closed.')
}
