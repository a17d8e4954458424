import { errorCode, type Messages } from '@sluice/kafka/protocol'
import { nodeId, type Broker } from '../broker.ts'
import { createTopic, topicRefusal, type Refusal, type WantedTopic } from '../topics/create-topic.ts'
import type { Handler } from './handler.ts'
import { configSource } from './config-entry.ts'
import { topicConfigKeys } from '../topics/topic-config.ts'

type TopicRequest = Messages['CreateTopics']['request']['topics'][number]
type TopicAnswer = Messages['CreateTopics']['responseInput']['topics'][number]

/** Creates topics, or only says whether they could be. */
export const handleCreateTopics: Handler<'CreateTopics'> = (broker, request) => {
  const seen = new Map<string, number>()
  for (const { name } of request.topics) seen.set(name, (seen.get(name) ?? 0) + 1)
  return {
    topics: request.topics.map((topic) =>
      (seen.get(topic.name) ?? 0) > 1
        ? refuse(topic.name, { errorCode: errorCode.INVALID_REQUEST, message: 'Duplicate topic name.' })
        : answerTopic(broker, topic, request.validateOnly),
    ),
  }
}

function answerTopic(broker: Broker, request: TopicRequest, validateOnly: boolean): TopicAnswer {
  const wanted: WantedTopic = {
    name: request.name,
    partitions: request.assignments.length > 0 ? request.assignments.length : request.numPartitions,
    configs: new Map(request.configs.map(({ name, value }) => [name, value ?? ''])),
  }
  const refusal = topicRefusal(broker, wanted) ?? replicasRefusal(request)
  if (refusal !== null) return refuse(request.name, refusal)
  const answer = {
    name: request.name,
    errorCode: errorCode.NONE,
    errorMessage: null,
    numPartitions: wanted.partitions === -1 ? broker.defaultPartitions : wanted.partitions,
    replicationFactor: 1,
    configs: topicConfigKeys.map((key) => ({
      name: key.name,
      value: wanted.configs.get(key.name) ?? key.default,
      readOnly: false,
      configSource: wanted.configs.has(key.name) ? configSource.topic : configSource.default,
      isSensitive: false,
    })),
  }
  if (validateOnly) return answer
  const outcome = createTopic(broker, wanted)
  return 'errorCode' in outcome ? refuse(request.name, outcome) : { ...answer, topicId: outcome.id }
}

/** One broker holds one replica of everything. */
function replicasRefusal(request: TopicRequest): Refusal | null {
  if (request.assignments.length > 0) return assignmentRefusal(request)
  const wanted = request.replicationFactor
  if (wanted === 1 || wanted === -1) return null
  const message =
    wanted < 1
      ? 'Replication factor must be larger than 0, or -1 to use the default value.'
      : `Unable to replicate the partition ${wanted} time(s): The target replication factor of ${wanted} cannot be reached because only 1 broker(s) are registered.`
  return { errorCode: errorCode.INVALID_REPLICATION_FACTOR, message }
}

function assignmentRefusal(request: TopicRequest): Refusal | null {
  if (request.numPartitions !== -1 || request.replicationFactor !== -1)
    return {
      errorCode: errorCode.INVALID_REQUEST,
      message:
        'A manual partition assignment was specified, but the number of partitions or replicas was not set to -1.',
    }
  const indexes = new Set(request.assignments.map((a) => a.partitionIndex))
  const isWhole = request.assignments.every((_, i) => indexes.has(i))
  const isHere = request.assignments.every((a) => a.brokerIds.length === 1 && a.brokerIds[0] === nodeId)
  if (isWhole && isHere) return null
  return {
    errorCode: errorCode.INVALID_REPLICA_ASSIGNMENT,
    message: `Partitions must be numbered from 0 on and lie on broker ${nodeId}, the only one.`,
  }
}

function refuse(name: string, refusal: Refusal): TopicAnswer {
  return { name, errorCode: refusal.errorCode, errorMessage: refusal.message, configs: null }
}
