import { byTopic } from '../by-topic.ts'
import { withRetries } from '../connection/with-retries.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import { partitionKey } from '../partition-key.ts'
import type { ClusterInfo, ConfigEntry, ConfigResource, NewTopic, PartitionResults, TopicInfo } from '../ports.ts'
import type { TopicPartitionOffset } from '@sluice/api'
import { zeroUuid } from '../protocol/field-defaults.ts'
import { adminPurpose, onAnyBroker, resultOf, retryBounds } from './admin-parts.ts'
import type { AdminParts } from './admin-parts.ts'

type TopicResults = ReadonlyMap<string, KafkaError | null>

const resourceTypes = { topic: 2, broker: 4 } as const
const defaultConfigSource = 5

/** The brokers of the cluster, and its id. */
export async function describeCluster(parts: AdminParts): Promise<ClusterInfo> {
  const doing = 'Describing the cluster'
  const ask = () => parts.metadata.ask([], { create: false })
  const { cluster } = await withRetries(doing, retryBounds(parts, doing), ask)
  return cluster
}

/** The topics asked for, or all (null); creates none. */
export async function describeTopics(
  parts: AdminParts,
  topics: readonly string[] | null,
): Promise<ReadonlyMap<string, TopicInfo | KafkaError>> {
  const doing = 'Describing topics'
  const ask = () => parts.metadata.ask(topics, { create: false })
  const answer = await withRetries(doing, retryBounds(parts, doing), ask)
  const described = new Map<string, TopicInfo | KafkaError>()
  for (const [name, topic] of answer.topics) {
    if (topic instanceof KafkaError) described.set(name, topic)
    else described.set(name, { name, isInternal: topic.isInternal, partitions: topic.partitions })
  }
  return described
}

/** Creates the topics; an error stands for one that was not created. */
export async function createTopics(parts: AdminParts, topics: readonly NewTopic[]): Promise<TopicResults> {
  if (topics.length === 0) return new Map()
  const answer = await onAnyBroker(parts, 'Creating topics', (connection) =>
    connection.call('CreateTopics', {
      topics: topics.map((topic) => ({
        name: topic.name,
        numPartitions: topic.partitions ?? -1,
        replicationFactor: topic.replicationFactor ?? -1,
        assignments: [],
        configs: Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value })),
      })),
      timeoutMs: parts.settings.connection.requestTimeoutMs,
      validateOnly: false,
    }),
  )
  return new Map(
    answer.topics.map(({ name, errorCode: code, errorMessage }) => [
      name,
      resultOf(code, `Creating topic ${name}`, errorMessage),
    ]),
  )
}

/** Deletes the topics; an error stands for one that was not deleted. */
export async function deleteTopics(parts: AdminParts, topics: readonly string[]): Promise<TopicResults> {
  if (topics.length === 0) return new Map()
  const { requestTimeoutMs: timeoutMs } = parts.settings.connection
  const answer = await onAnyBroker(parts, 'Deleting topics', (connection) => {
    const isById = connection.versionOf('DeleteTopics') >= 6
    const named = topics.map((name) => ({ name, topicId: zeroUuid }))
    return connection.call('DeleteTopics', { timeoutMs, ...(isById ? { topics: named } : { topicNames: topics }) })
  })
  return new Map(
    answer.responses.map(({ name, errorCode: code, errorMessage }) => [
      name ?? '',
      resultOf(code, `Deleting topic ${name ?? ''}`, errorMessage),
    ]),
  )
}

/** Raises the number of partitions of a topic to `count`. */
export async function createPartitions(parts: AdminParts, topic: string, count: number): Promise<void> {
  const doing = `Adding partitions to topic ${topic}`
  const { requestTimeoutMs: timeoutMs } = parts.settings.connection
  await onAnyBroker(parts, doing, async (connection) => {
    const answer = await connection.call('CreatePartitions', {
      topics: [{ name: topic, count, assignments: null }],
      timeoutMs,
      validateOnly: false,
    })
    for (const { errorCode: code, errorMessage } of answer.results) {
      const error = resultOf(code, doing, errorMessage)
      if (error !== null) throw error
    }
  })
}

/** Deletes the records of each partition before the offset given, on its leader. */
export async function deleteRecords(
  parts: AdminParts,
  before: readonly TopicPartitionOffset[],
): Promise<PartitionResults> {
  const results = new Map<string, KafkaError | null>()
  const { settings, signal, metadata, pool } = parts
  const bounds = { timeoutMs: settings.apiTimeoutMs, backoff: settings.retry, signal }
  for (const target of before) {
    const key = partitionKey(target)
    const doing = `Deleting records of ${key}`
    await metadata.require(target.topic, { create: false, timeoutMs: settings.apiTimeoutMs, signal })
    await withRetries(doing, bounds, async () => {
      const leader = metadata.leader(target)
      if (leader === null) {
        metadata.requestUpdate(target.topic)
        throw new KafkaError('LEADER_NOT_AVAILABLE', `${doing}: no leader is known`)
      }
      const connection = await pool.get(leader.address, adminPurpose)
      const topics = byTopic([target], ({ partition, offset }) => ({ partitionIndex: partition, offset }))
      const answer = await connection.call('DeleteRecords', {
        topics: topics.map(([name, partitions]) => ({ name, partitions })),
        timeoutMs: settings.connection.requestTimeoutMs,
      })
      const code = answer.topics[0]?.partitions[0]?.errorCode ?? errorCode.UNKNOWN_SERVER_ERROR
      const error = resultOf(code, doing)
      if (error?.retriable === true) throw error
      results.set(key, error)
    })
  }
  return results
}

/** The configs of each resource, in the order asked. A broker's come from that broker. */
export async function describeConfigs(
  parts: AdminParts,
  resources: readonly ConfigResource[],
): Promise<readonly (readonly ConfigEntry[] | KafkaError)[]> {
  return await Promise.all(resources.map((resource) => describeConfig(parts, resource)))
}

async function describeConfig(
  parts: AdminParts,
  resource: ConfigResource,
): Promise<readonly ConfigEntry[] | KafkaError> {
  const doing = `Describing the configs of ${resource.type} ${resource.name}`
  const request = {
    resources: [{ resourceType: resourceTypes[resource.type], resourceName: resource.name, configurationKeys: null }],
    includeSynonyms: false,
  }
  const node = resource.type === 'broker' ? Number(resource.name) : null
  const answer = await onAnyBroker(parts, doing, async (connection) => {
    const address = node === null ? null : parts.metadata.broker(node)
    const target = address === null ? connection : await parts.pool.get(address, adminPurpose)
    return await target.call('DescribeConfigs', request)
  })
  const [result] = answer.results
  if (result === undefined) return new KafkaError('UNKNOWN_SERVER_ERROR', `${doing}: the answer is empty`)
  if (result.errorCode !== errorCode.NONE) return errorFromCode(result.errorCode, doing, result.errorMessage)
  return result.configs.map(({ name, value, configSource, readOnly, isSensitive }) => ({
    name,
    value,
    isDefault: configSource === defaultConfigSource,
    isReadOnly: readOnly,
    isSensitive,
  }))
}
