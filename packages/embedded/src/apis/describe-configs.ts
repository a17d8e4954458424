import { errorCode, type Messages } from '@sluice/kafka/protocol'
import { nodeId, type Broker } from '../broker.ts'
import { topicConfigKey, topicConfigKeys, type TopicConfigKey } from '../topics/topic-config.ts'
import { configSource, configType, resourceType, type ConfigEntry } from './config-entry.ts'
import type { Handler } from './handler.ts'

type Result = Messages['DescribeConfigs']['responseInput']['results'][number]
type Resource = Messages['DescribeConfigs']['request']['resources'][number]

/** The settings of topics, and the few that the broker itself has. */
export const handleDescribeConfigs: Handler<'DescribeConfigs'> = (broker, request) => ({
  results: request.resources.map((resource) => describe(broker, resource, request.includeSynonyms)),
})

function describe(broker: Broker, resource: Resource, includeSynonyms: boolean): Result {
  const found = entriesOf(broker, resource, includeSynonyms)
  const { resourceType: type, resourceName, configurationKeys } = resource
  if (!Array.isArray(found))
    return { errorCode: found.code, errorMessage: found.message, resourceType: type, resourceName, configs: [] }
  const wanted = configurationKeys === null ? null : new Set(configurationKeys)
  const configs = found.filter((entry) => wanted === null || wanted.has(entry.name))
  return { errorCode: errorCode.NONE, errorMessage: null, resourceType: type, resourceName, configs }
}

function entriesOf(
  broker: Broker,
  resource: Resource,
  includeSynonyms: boolean,
): ConfigEntry[] | { readonly code: number; readonly message: string } {
  const { resourceName } = resource
  if (resource.resourceType === resourceType.broker) {
    if (resourceName === '' || resourceName === String(nodeId)) return brokerEntries(broker)
    return {
      code: errorCode.INVALID_REQUEST,
      message: `Unexpected broker id, expected ${nodeId}, but got ${resourceName}`,
    }
  }
  if (resource.resourceType !== resourceType.topic)
    return { code: errorCode.INVALID_REQUEST, message: `Unsupported resource type: ${resource.resourceType}` }
  const topic = broker.topics.get(resourceName)
  if (topic === undefined)
    return { code: errorCode.UNKNOWN_TOPIC_OR_PARTITION, message: 'This server does not host this topic-partition.' }
  return topicConfigKeys.map((key) => topicEntry(key, topic.configs.get(key.name), includeSynonyms))
}

function topicEntry(key: TopicConfigKey, value: string | undefined, includeSynonyms: boolean): ConfigEntry {
  const { name } = key
  const fallback = { name, value: key.default, source: configSource.default }
  const synonyms = value === undefined ? [fallback] : [{ name, value, source: configSource.topic }, fallback]
  return {
    name,
    value: value ?? key.default,
    readOnly: false,
    configSource: value === undefined ? configSource.default : configSource.topic,
    isSensitive: false,
    synonyms: includeSynonyms ? synonyms : [],
    configType: configType[key.type],
    documentation: null,
  }
}

function brokerEntries(broker: Broker): ConfigEntry[] {
  const maxBytes = topicConfigKey('max.message.bytes')?.default ?? ''
  return [
    brokerEntry('auto.create.topics.enable', String(broker.autoCreateTopics), configType.BOOLEAN),
    brokerEntry('broker.id', String(nodeId), configType.INT),
    brokerEntry('default.replication.factor', '1', configType.INT),
    brokerEntry('listeners', `PLAINTEXT://${broker.host}:${broker.port}`, configType.STRING),
    brokerEntry('message.max.bytes', maxBytes, configType.INT),
    brokerEntry('num.partitions', String(broker.defaultPartitions), configType.INT),
    brokerEntry('offsets.topic.replication.factor', '1', configType.INT),
  ]
}

function brokerEntry(name: string, value: string, type: number): ConfigEntry {
  return {
    name,
    value,
    readOnly: true,
    configSource: configSource.staticBroker,
    isSensitive: false,
    synonyms: [],
    configType: type,
    documentation: null,
  }
}
