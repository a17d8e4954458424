import { errorCode, zeroUuid, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { storageRefusal } from '../topics/create-topic.ts'
import type { Topic } from '../topics/topics.ts'
import type { Handler } from './handler.ts'

type TopicAnswer = Messages['DeleteTopics']['responseInput']['responses'][number]

const firstWithIds = 6

/** Deletes topics with their records and with what groups have committed for them. */
export const handleDeleteTopics: Handler<'DeleteTopics'> = (broker, request, call) => {
  const wanted = call.version >= firstWithIds ? request.topics : request.topicNames.map((name) => byName(name))
  return { responses: wanted.map(({ name, topicId }) => deleteTopic(broker, name, topicId)) }
}

function byName(name: string): { readonly name: string | null; readonly topicId: string } {
  return { name, topicId: zeroUuid }
}

function deleteTopic(broker: Broker, name: string | null, topicId: string): TopicAnswer {
  const topic = name === null ? broker.topics.byId(topicId) : broker.topics.get(name)
  if (topic === undefined) {
    const code = name === null ? errorCode.UNKNOWN_TOPIC_ID : errorCode.UNKNOWN_TOPIC_OR_PARTITION
    return { name, topicId, errorCode: code, errorMessage: 'This server does not host this topic.' }
  }
  return { name: topic.name, topicId: topic.id, ...remove(broker, topic) }
}

function remove(broker: Broker, topic: Topic): { readonly errorCode: number; readonly errorMessage: string | null } {
  try {
    broker.topics.delete(topic)
  } catch (error) {
    const refusal = storageRefusal(broker, `deleting topic ${topic.name}`, error)
    return { errorCode: refusal.errorCode, errorMessage: refusal.message }
  }
  broker.groups.topicDeleted(topic.name)
  return { errorCode: errorCode.NONE, errorMessage: null }
}
