import { errorCode, zeroUuid, type Messages } from '@sluice/kafka/protocol'
import { nodeId, type Broker } from '../broker.ts'
import { createTopic, topicRefusal } from '../topics/create-topic.ts'
import { isInternalTopic } from '../topics/topic-name.ts'
import type { Topic } from '../topics/topics.ts'
import type { Call, Handler } from './handler.ts'

type Request = Messages['Metadata']['request']
type TopicAnswer = Messages['Metadata']['responseInput']['topics'][number]

/** The broker, its topics, and who leads their partitions. A topic that is asked for by name may be created by that. */
export const handleMetadata: Handler<'Metadata'> = (broker, request, call) => ({
  brokers: [{ nodeId, host: broker.host, port: broker.port }],
  clusterId: broker.cluster.clusterId,
  controllerId: nodeId,
  topics: wantsAll(request, call)
    ? broker.topics.all().map(describeTopic)
    : (request.topics ?? []).map((wanted) => answerTopic(broker, request, wanted)),
})

/** null stands for all topics, in version 0 the empty list does. */
function wantsAll(request: Request, call: Call): boolean {
  return request.topics === null || (call.version === 0 && request.topics.length === 0)
}

function answerTopic(
  broker: Broker,
  request: Request,
  wanted: { readonly name: string | null; readonly topicId: string },
): TopicAnswer {
  if (wanted.name === null || (wanted.name === '' && wanted.topicId !== zeroUuid)) {
    const topic = broker.topics.byId(wanted.topicId)
    if (topic !== undefined) return describeTopic(topic)
    return { errorCode: errorCode.UNKNOWN_TOPIC_ID, name: null, topicId: wanted.topicId, partitions: [] }
  }
  const topic = broker.topics.get(wanted.name)
  if (topic !== undefined) return describeTopic(topic)
  const created = { name: wanted.name, partitions: -1, configs: new Map<string, string>() }
  const refusal = topicRefusal(broker, created)
  if (refusal !== null) return missingTopic(wanted.name, refusal.errorCode)
  const mayCreate = broker.autoCreateTopics && request.allowAutoTopicCreation && !isInternalTopic(wanted.name)
  if (!mayCreate) return missingTopic(wanted.name, errorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const outcome = createTopic(broker, created)
  return 'errorCode' in outcome ? missingTopic(wanted.name, outcome.errorCode) : describeTopic(outcome)
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
