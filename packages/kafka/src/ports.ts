/**
 * What the rest of Sluice sees of Kafka. Nothing of the wire (message versions, correlation, sockets) passes through here.
 *
 * Offsets and timestamps are `number`; producer ids never leave the producer. Every promise that fails, fails with a
 * KafkaError; nothing else is thrown, except by `clientOptionsFromProps`, which throws the ConfigError of the worker.
 */
import type { Logger, TopicPartition, TopicPartitionOffset, WireHeaders } from '@sluice/api'
import type { KafkaError } from './errors/kafka-error.ts'

/** Offsets by partition: the keys are made by `partitionKey`. A partition without an offset is absent. */
export type OffsetMap = ReadonlyMap<string, number>

/** Results by partition: null where it went well. The keys are made by `partitionKey`. */
export type PartitionResults = ReadonlyMap<string, KafkaError | null>

/** The connections of one client, whatever it does with them. Times are Kafka's own defaults when left out. */
export interface ClientOptions {
  /** `host:port` each; tried in random order until one answers. */
  readonly bootstrapServers: readonly string[]
  readonly clientId: string
  readonly requestTimeoutMs?: number
  /** How long a call of the admin or consumer port may take, retries included (`default.api.timeout.ms`). */
  readonly apiTimeoutMs?: number
  readonly connectTimeoutMs?: number
  readonly reconnectBackoffMs?: number
  readonly reconnectBackoffMaxMs?: number
  readonly retryBackoffMs?: number
  readonly retryBackoffMaxMs?: number
  readonly metadataMaxAgeMs?: number
  readonly connectionsMaxIdleMs?: number
  readonly log?: Logger
}

/**
 * One application's view of a cluster. Ports made by it share its metadata; each has sockets of its own, so that a
 * long poll never stands in front of a heartbeat. `close` ends every port that is still open, without waiting for
 * records: close a producer first when its records matter.
 */
export interface KafkaClient {
  producer(options?: ProducerOptions): ProducerPort
  consumer(options?: ConsumerOptions): ConsumerPort
  groupMember(options: GroupMemberOptions): GroupMemberPort
  consumerGroupMember(options: ConsumerGroupMemberOptions): ConsumerGroupMemberPort
  admin(): AdminPort
  close(): Promise<void>
}

// ---- producer

/** Who must have stored a record before it counts as acknowledged: all in-sync replicas, the leader, or nobody. */
export type Acks = 'all' | 'leader' | 'none'
/** The codecs that batches are written with. */
export type Compression = 'none' | 'gzip' | 'zstd'

/** Kafka's producer settings; the defaults are Apache's (5 ms linger, 16 KiB batches, 32 MiB of memory). */
export interface ProducerOptions {
  readonly acks?: Acks
  /** On by default: it costs nothing and is what keeps order and single copies over retries. Needs `acks` all. */
  readonly idempotence?: boolean
  readonly maxInFlight?: number
  readonly batchSize?: number
  readonly lingerMs?: number
  /** I9: bytes of records taken and not yet acknowledged. `send` refuses what would exceed it. */
  readonly bufferMemory?: number
  readonly maxRequestSize?: number
  readonly compression?: Compression
  readonly compressionLevel?: number | null
  /** Infinity (or 2147483647 in properties) retries for ever. */
  readonly deliveryTimeoutMs?: number
  /** How long a refused record may wait for memory or for the topic's metadata before it fails. May be Infinity. */
  readonly maxBlockMs?: number
  readonly retries?: number
}

/** One record as Kafka stores it. Key, value and header bytes are copied by `send`: the caller may reuse them. */
export interface ProducerRecord {
  readonly topic: string
  /** null: chosen from the key as Java chooses, or spread evenly where there is no key. */
  readonly partition: number | null
  /** null: now. */
  readonly timestamp: number | null
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: WireHeaders | null
}

/**
 * Told once about each record that `send` took, never from inside `send`. One listener serves all records of its
 * owner; the token is handed back untouched, so that no closure and no promise is made per record.
 * Within a partition, acknowledgements come in the order of `send` (without idempotence only under `maxInFlight` 1).
 */
export interface SendListener {
  /** The offset is -1 when it is not known (acks none; a duplicate older than the broker remembers). */
  acknowledged(token: unknown, partition: number, offset: number, timestamp: number): void
  failed(token: unknown, error: KafkaError): void
}

/** Sends records; one for each task, so that closing it waits for nobody else's. */
export interface ProducerPort {
  /**
   * true: the record was taken and the listener will hear of it, also of a record that can never be sent (too large,
   * invalid topic). false: it was not taken, since memory is used up or the topic is not known yet: await `ready()`
   * and send it again. Throws only after `close`.
   */
  send(record: ProducerRecord, listener: SendListener, token: unknown): boolean
  /** Resolves when a refused `send` is worth trying again, and at once when none was refused. */
  ready(): Promise<void>
  /** Sends what is buffered without lingering; resolves when every record taken before the call was answered. */
  flush(): Promise<void>
  /** Creates the topic where the broker does so on first use. */
  partitionsFor(topic: string): Promise<readonly PartitionInfo[]>
  /** Waits for what was taken at most this long, then fails the rest and ends the connections. */
  close(timeoutMs: number): Promise<void>
}

// ---- consumer

/** Where to begin when there is no position, or it does not exist any more; `none` makes that an error. */
export type OffsetReset = 'earliest' | 'latest' | 'none'
/** Whether records of open and aborted transactions are delivered. */
export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** Kafka's consumer settings; the defaults are Apache's. */
export interface ConsumerOptions {
  readonly offsetReset?: OffsetReset
  readonly isolationLevel?: IsolationLevel
  readonly fetchMinBytes?: number
  /** I9: bytes fetched and not yet released, at most twice this (one frame read by the caller, one under way) a broker. */
  readonly fetchMaxBytes?: number
  readonly maxPartitionFetchBytes?: number
  readonly fetchMaxWaitMs?: number
  readonly checkCrcs?: boolean
  /** Asks the broker to create the topics that are read, as Apache's consumer does by default. */
  readonly allowAutoCreateTopics?: boolean
}

/**
 * Records of one partition in order: a view into a pooled frame. Keys, values and header values are slices that are
 * valid until `release()`; whoever keeps bytes longer copies them first. A batch that is not released keeps its
 * frame, and with it the memory that the next fetch needs.
 */
export interface FetchedBatch {
  readonly topic: string
  readonly partition: number
  /** -1 when the broker did not say. */
  readonly leaderEpoch: number
  readonly timestampType: 'NoTimestampType' | 'CreateTime' | 'LogAppendTime'
  readonly count: number
  /** The position after the whole batch; beyond the last record's where compaction or a marker left a gap. */
  readonly nextOffset: number
  offset(index: number): number
  timestamp(index: number): number
  key(index: number): Buffer | null
  value(index: number): Buffer | null
  headers(index: number): WireHeaders
  /** Call once, when nothing of the batch is needed any more. Later calls do nothing. */
  release(): void
}

/** The consumer of a host: no membership, it reads what it is assigned and commits under a generation handed over. */
export interface ConsumerPort {
  /** Replaces the assignment. Partitions kept go on where they are; new ones start at the reset policy unless sought. */
  assign(partitions: readonly TopicPartition[]): void
  assignment(): readonly TopicPartition[]
  /**
   * What has arrived, at most this many records, waiting up to timeoutMs for the first. Empty on timeout and after
   * `wakeup()`. An error of a partition (unauthorised, corrupt, offset out of range under reset `none`) is thrown by
   * the poll that meets it, naming the partition; the next poll goes on with the others.
   */
  poll(timeoutMs: number, maxRecords: number): Promise<readonly FetchedBatch[]>
  /** A paused partition delivers nothing, not even what was fetched before; resumed, it goes on at its position. */
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  paused(): readonly TopicPartition[]
  /** The next poll delivers from here: nothing fetched for an older position is delivered. */
  seek(partition: TopicPartition, offset: number): void
  /** The offset of the next record to be delivered; asks the broker when the reset policy has to decide. */
  position(partition: TopicPartition): Promise<number>
  /**
   * Commits to the group's coordinator. With a generation, Kafka fences a member that has lost its place (the error
   * has `fenced`); null commits as the stand-alone owner of `groupId`.
   */
  commit(offsets: readonly CommitOffset[], owner: GroupGeneration | { readonly groupId: string }): Promise<void>
  committed(groupId: string, partitions: readonly TopicPartition[]): Promise<OffsetMap>
  beginningOffsets(partitions: readonly TopicPartition[]): Promise<OffsetMap>
  endOffsets(partitions: readonly TopicPartition[]): Promise<OffsetMap>
  /** Ends the poll under way, or the next one, with an empty result. */
  wakeup(): void
  close(timeoutMs: number): Promise<void>
}

/** An offset to commit, with what Kafka keeps beside it. */
export interface CommitOffset extends TopicPartitionOffset {
  readonly leaderEpoch?: number
  readonly metadata?: string | null
}

// ---- group membership

/** Under which membership something is done. Plain data: the control plane hands it to hosts. */
export interface GroupGeneration {
  readonly groupId: string
  readonly memberId: string
  readonly generationId: number
  readonly groupInstanceId?: string | null
}

/** How sure the group still counts on this member, in milliseconds of this process's monotonic clock (I6). */
export interface GroupLease {
  /** When the last heartbeat that was answered well had been *sent*: the coordinator counts from later than that. */
  readonly renewedAtMs: number
  /** After this the coordinator may have given the work to another. */
  readonly expiresAtMs: number
}

/** The times of a membership; Kafka's defaults when left out. */
export interface GroupTimeouts {
  readonly sessionTimeoutMs?: number
  /** How long a rebalance waits for this member (`max.poll.interval.ms` for consumers). */
  readonly rebalanceTimeoutMs?: number
  readonly heartbeatIntervalMs?: number
}

/** A member of any group of the classic protocol. Handlers are awaited one after the other, never two at once. */
export interface GroupMemberOptions extends GroupTimeouts {
  readonly groupId: string
  /** `consumer`, `connect`, … */
  readonly protocolType: string
  readonly groupInstanceId?: string | null
  /** Asked before each JoinGroup. */
  protocols(): readonly GroupProtocol[]
  /** Before each JoinGroup, while heartbeats go on: give up what the old generation owned. null: there was none. */
  onPrepare(generation: GroupGeneration | null): Promise<void>
  /** Called on the leader only. Members left out get empty bytes. */
  assign(round: GroupRound): Promise<ReadonlyMap<string, Uint8Array>>
  onJoined(joined: JoinedGroup): Promise<void>
  /** Membership is gone (expired, fenced, left): what it owned may already run elsewhere. It joins again by itself. */
  onLost(reason: KafkaError, generation: GroupGeneration): Promise<void>
}

/** A way of dividing the work that a member can take part in, with what it says of itself to the leader. */
export interface GroupProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

/** What the leader divides the work by. */
export interface GroupRound {
  readonly generationId: number
  readonly leaderId: string
  readonly protocol: string
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly metadata: Uint8Array
  }[]
}

/** The outcome of a rebalance for one member. */
export interface JoinedGroup {
  readonly generation: GroupGeneration
  readonly leaderId: string
  readonly protocol: string
  readonly assignment: Uint8Array
}

/** A membership: begins with `start`, ends with `leave` or an error that no retry mends. */
export interface GroupMemberPort {
  /**
   * Joins, and goes on joining through every rebalance and outage until `leave`. Resolves when the first generation
   * was joined; rejects when the group can never be joined (unauthorised, inconsistent protocol, fenced instance) or
   * the member left before.
   */
  start(): Promise<void>
  requestRejoin(reason: string): void
  /** Null outside a generation. */
  generation(): GroupGeneration | null
  lease(): GroupLease | null
  /** Runs `onPrepare`, tells the coordinator and ends the connections. */
  leave(reason: string): Promise<void>
  /** Resolves once the member has ended: with null after `leave`, else with the error that ended it. Never rejects. */
  readonly ended: Promise<KafkaError | null>
}

/** A member of a consumer group: the control plane's half of a sink task. */
export interface ConsumerGroupMemberOptions extends GroupTimeouts {
  readonly groupId: string
  /** Names, or a pattern that must match a topic's whole name; internal topics are left out of a pattern. */
  readonly topics: readonly string[] | RegExp
  readonly groupInstanceId?: string | null
  /** Asks the broker to create the topics that are named, as Apache's consumer does by default. */
  readonly allowAutoCreateTopics?: boolean
  /** Without `markPolled` for this long, the member leaves; it joins again at the next `markPolled`. */
  readonly maxPollIntervalMs?: number
  /** All of the generation's partitions, possibly none. Awaited before the next join. */
  onAssigned(partitions: readonly TopicPartition[], generation: GroupGeneration): Promise<void>
  /** The generation still holds: offsets can be committed. Awaited before the next join. */
  onRevoked(partitions: readonly TopicPartition[], generation: GroupGeneration): Promise<void>
  /** The generation is gone: a commit would be refused. */
  onLost(partitions: readonly TopicPartition[], reason: KafkaError): Promise<void>
}

/** A membership in a consumer group; the reading is done elsewhere, by a ConsumerPort. */
export interface ConsumerGroupMemberPort {
  start(): Promise<void>
  assignment(): readonly TopicPartition[]
  generation(): GroupGeneration | null
  lease(): GroupLease | null
  /** The task took or finished a batch: it is alive. */
  markPolled(): void
  requestRejoin(reason: string): void
  /** Runs `onRevoked`, then leaves. */
  leave(reason: string): Promise<void>
  readonly ended: Promise<KafkaError | null>
}

// ---- admin

/** A broker as clients reach it. */
export interface BrokerInfo {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The cluster as one of its brokers sees it. */
export interface ClusterInfo {
  readonly clusterId: string | null
  readonly controllerId: number
  readonly brokers: readonly BrokerInfo[]
}

/** A partition and the brokers that have it. */
export interface PartitionInfo {
  readonly partition: number
  /** -1 while there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

/** A topic; its partitions stand in order. */
export interface TopicInfo {
  readonly name: string
  readonly isInternal: boolean
  readonly partitions: readonly PartitionInfo[]
}

/** A topic to be created. */
export interface NewTopic {
  readonly name: string
  /** -1 (and left out): the broker's default. */
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string | null>>
}

/** What configs belong to; a broker is named by its id. */
export interface ConfigResource {
  readonly type: 'topic' | 'broker'
  readonly name: string
}

/** One config of a resource. The value of a sensitive one is null. */
export interface ConfigEntry {
  readonly name: string
  readonly value: string | null
  readonly isDefault: boolean
  readonly isReadOnly: boolean
  readonly isSensitive: boolean
}

/** A group in a list. */
export interface GroupListing {
  readonly groupId: string
  readonly protocolType: string
  /** Empty where the broker is too old to say. */
  readonly state: string
}

/** A group as its coordinator sees it; `state` in Kafka's words (`Stable`, `Empty`, `Dead`, …). */
export interface GroupDescription {
  readonly groupId: string
  readonly state: string
  readonly protocolType: string
  readonly protocol: string
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly clientId: string
    readonly clientHost: string
    readonly metadata: Uint8Array
    readonly assignment: Uint8Array
  }[]
}

/** What a result is asked for: a point in the log, or the first record at or after a timestamp. */
export type OffsetSpec = 'earliest' | 'latest' | number

/** Operations on the cluster. Each is tried again while it fails retriably, up to `apiTimeoutMs`. */
export interface AdminPort {
  describeCluster(): Promise<ClusterInfo>
  /** Internal topics are left out, as Java's admin leaves them out. */
  listTopics(): Promise<readonly string[]>
  /** Creates nothing. An error stands for a topic that could not be described, e.g. UNKNOWN_TOPIC_OR_PARTITION. */
  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicInfo | KafkaError>>
  createTopics(topics: readonly NewTopic[]): Promise<ReadonlyMap<string, KafkaError | null>>
  deleteTopics(topics: readonly string[]): Promise<ReadonlyMap<string, KafkaError | null>>
  /** Raises the number of partitions of a topic to `count`. */
  createPartitions(topic: string, count: number): Promise<void>
  /** Deletes what stands before these offsets; -1: everything up to the end. */
  deleteRecords(before: readonly TopicPartitionOffset[]): Promise<PartitionResults>
  /** In the order asked. */
  describeConfigs(resources: readonly ConfigResource[]): Promise<readonly (readonly ConfigEntry[] | KafkaError)[]>
  /** A timestamp after the last record leaves its partition out. */
  listOffsets(
    partitions: readonly (TopicPartition & { readonly at: OffsetSpec })[],
    isolation?: IsolationLevel,
  ): Promise<OffsetMap>
  listGroups(): Promise<readonly GroupListing[]>
  describeGroups(groups: readonly string[]): Promise<ReadonlyMap<string, GroupDescription | KafkaError>>
  deleteGroups(groups: readonly string[]): Promise<ReadonlyMap<string, KafkaError | null>>
  /** Every committed offset of the group; empty for a group that is not there. */
  listGroupOffsets(group: string): Promise<OffsetMap>
  /** Refused by Kafka (UNKNOWN_MEMBER_ID) while the group has members. */
  alterGroupOffsets(group: string, offsets: readonly CommitOffset[]): Promise<PartitionResults>
  /** Refused per partition (GROUP_SUBSCRIBED_TO_TOPIC) while a member reads it. */
  deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<PartitionResults>
  close(): Promise<void>
}
