import type { TopicPartition } from '@sluice/api'
import { byTopic } from '../by-topic.ts'
import type { ClientSettings } from '../client-settings.ts'
import type { ConnectionPool } from '../connection/connection-pool.ts'
import { withRetries } from '../connection/with-retries.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import type { Leader, Metadata } from '../metadata/metadata.ts'
import { partitionKey } from '../partition-key.ts'
import type { IsolationLevel, OffsetMap, OffsetSpec } from '../ports.ts'

/** A partition and the point that is looked for. */
export interface OffsetQuery extends TopicPartition {
  readonly at: OffsetSpec
}

/** Through what offsets are looked up. */
export interface LookupParts {
  readonly metadata: Metadata
  readonly pool: ConnectionPool
  readonly settings: ClientSettings
  readonly signal: AbortSignal
  readonly isolation: IsolationLevel
  readonly create: boolean
}

const wireTimestamps = { earliest: -2, latest: -1 } as const
const purpose = 'offsets'

/**
 * Asks the leader of each partition, and asks again where leaders moved, until `apiTimeoutMs`. A partition without a
 * record at or after a timestamp is left out.
 */
export async function lookUpOffsets(queries: readonly OffsetQuery[], parts: LookupParts): Promise<OffsetMap> {
  const found = new Map<string, number>()
  let left = queries
  const { settings, signal } = parts
  const bounds = { timeoutMs: settings.apiTimeoutMs, backoff: settings.retry, signal }
  await withRetries('Looking up offsets', bounds, async () => {
    const round = await askLeaders(left, parts)
    for (const [key, offset] of round.offsets) if (offset >= 0) found.set(key, offset)
    left = left.filter((query) => !round.offsets.has(partitionKey(query)))
    if (round.failure !== null) throw round.failure
  })
  return found
}

interface Round {
  readonly offsets: Map<string, number>
  /** The worst of the failures: one that no retry mends before one that a retry may. */
  failure: KafkaError | null
}

async function askLeaders(queries: readonly OffsetQuery[], parts: LookupParts): Promise<Round> {
  const round: Round = { offsets: new Map(), failure: null }
  const byLeader = new Map<number, { leader: Leader; queries: OffsetQuery[] }>()
  for (const query of queries) {
    const leader = await leaderOf(query, parts)
    const group = byLeader.get(leader.nodeId) ?? { leader, queries: [] }
    byLeader.set(leader.nodeId, group)
    group.queries.push(query)
  }
  await Promise.all([...byLeader.values()].map((group) => askLeader(group.leader, group.queries, parts, round)))
  return round
}

async function leaderOf(query: OffsetQuery, parts: LookupParts): Promise<Leader> {
  const known = parts.metadata.leader(query)
  if (known !== null) return known
  const { topics } = await parts.metadata.ask([query.topic], { create: parts.create })
  const topic = topics.get(query.topic)
  if (topic instanceof KafkaError) throw topic
  const leader = parts.metadata.leader(query)
  if (leader !== null) return leader
  const isThere = topic !== undefined && query.partition < topic.partitions.length
  throw new KafkaError(
    isThere ? 'LEADER_NOT_AVAILABLE' : 'UNKNOWN_TOPIC_OR_PARTITION',
    `Looking up an offset of ${partitionKey(query)}: ${isThere ? 'it has no leader' : 'there is no such partition'}`,
  )
}

async function askLeader(
  leader: Leader,
  queries: readonly OffsetQuery[],
  parts: LookupParts,
  round: Round,
): Promise<void> {
  try {
    const connection = await parts.pool.get(leader.address, purpose)
    const answer = await connection.call('ListOffsets', {
      replicaId: -1,
      isolationLevel: parts.isolation === 'read_committed' ? 1 : 0,
      topics: byTopic(queries, ({ topic, partition, at }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: parts.metadata.leader({ topic, partition })?.epoch ?? -1,
        timestamp: typeof at === 'number' ? at : wireTimestamps[at],
      })).map(([name, partitions]) => ({ name, partitions })),
    })
    for (const { name: topic, partitions } of answer.topics) {
      for (const { partitionIndex: partition, errorCode: code, offset } of partitions) {
        const key = partitionKey({ topic, partition })
        if (code === errorCode.NONE) round.offsets.set(key, offset)
        else noteFailure(round, parts, topic, errorFromCode(code, `Looking up an offset of ${key}`))
      }
    }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    for (const query of queries) noteFailure(round, parts, query.topic, error)
  }
}

function noteFailure(round: Round, parts: LookupParts, topic: string, error: KafkaError): void {
  if (error.invalidMetadata || error.errorName === 'REQUEST_TIMED_OUT') parts.metadata.requestUpdate(topic)
  if (round.failure === null || (round.failure.retriable && !error.retriable)) round.failure = error
}
