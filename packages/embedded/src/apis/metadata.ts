import { errorCode, zeroUuid, type Messages } from '@sluice/kafka/protocol'
import { nodeId, type Broker } from '../broker.ts'
import { createTopic, topicRefusal } from '../topics/create-topic.ts'
import { isInternalTopic, topicNameProblem } from '../topics/topic-name.ts'
import type { Topic } from '../topics/topics.ts'
import type { Call, Handler } from './handler.ts'

type Request = Messages['Metadata']['request']
type TopicAnswer = Messages['Metadata']['responseInput']['topics'][number]

const firstWithNullNames = 12

/** The broker, its topics, and who leads their partitions. A topic that is asked for by name may be created by that. */
export const handleMetadata: Handler<'Metadata'> = (broker, request, call) => ({
  brokers: [{ nodeId, host: broker.host, port: broker.port }],
  clusterId: broker.cluster.clusterId,
  controllerId: nodeId,
  topics: wantsAll(request, call)
    ? broker.topics.all().map(describeTopic)
    : (request.topics ?? []).map(({ name, topicId }) => answerTopic(broker, { request, call, name, topicId })),
})

/** null stands for all topics, in version 0 the empty list does. */
function wantsAll(request: Request, call: Call): boolean {
  return request.topics === null || (call.version === 0 && request.topics.length === 0)
}

interface Asked {
  readonly request: Request
  readonly call: Call
  readonly name: string | null
  readonly topicId: string
}

function answerTopic(broker: Broker, { request, call, name, topicId }: Asked): TopicAnswer {
  if (name === null || (name === '' && topicId !== zeroUuid)) {
    const topic = broker.topics.byId(topicId)
    if (topic !== undefined) return describeTopic(topic)
    const noName = call.version < firstWithNullNames ? '' : null
    return { errorCode: errorCode.UNKNOWN_TOPIC_ID, name: noName, topicId, partitions: [] }
  }
  const topic = broker.topics.get(name)
  if (topic !== undefined) return describeTopic(topic)
  if (topicNameProblem(name) !== null) return missingTopic(name, errorCode.INVALID_TOPIC_EXCEPTION)
  const mayCreate = broker.autoCreateTopics && request.allowAutoTopicCreation && !isInternalTopic(name)
  return mayCreate ? createAsked(broker, name) : missingTopic(name, errorCode.UNKNOWN_TOPIC_OR_PARTITION)
}

function createAsked(broker: Broker, name: string): TopicAnswer {
  const wanted = { name, partitions: -1, configs: new Map<string, string>() }
  const outcome = topicRefusal(broker, wanted) ?? createTopic(broker, wanted)
  return 'errorCode' in outcome ? missingTopic(name, outcome.errorCode) : describeTopic(outcome)
}

function missingTopic(name: string, code: number): TopicAnswer {
  return { errorCode: code, name, topicId: zeroUuid, partitions: [] }
}

function describeTopic(topic: Topic): TopicAnswer {
  return {
    errorCode: errorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.logs.map((log, partitionIndex) => ({
      errorCode: errorCode.NONE,
      partitionIndex,
      leaderId: nodeId,
      leaderEpoch: log.leaderEpoch,
      replicaNodes: [nodeId],
      isrNodes: [nodeId],
    })),
  }
}
