import { errorCode, type Messages } from '@sluice/kafka/protocol'
import { nodeId, type Broker } from '../broker.ts'
import { maxPartitions, storageRefusal, type Refusal } from '../topics/create-topic.ts'
import type { Topic } from '../topics/topics.ts'
import type { Handler } from './handler.ts'

type TopicRequest = Messages['CreatePartitions']['request']['topics'][number]

/** Gives topics more partitions. There is no way to give them fewer. */
export const handleCreatePartitions: Handler<'CreatePartitions'> = (broker, request) => ({
  results: request.topics.map((topic) => {
    const refusal = addPartitions(broker, topic, request.validateOnly)
    return {
      name: topic.name,
      errorCode: refusal?.errorCode ?? errorCode.NONE,
      errorMessage: refusal?.message ?? null,
    }
  }),
})

function addPartitions(broker: Broker, request: TopicRequest, validateOnly: boolean): Refusal | null {
  const topic = broker.topics.get(request.name)
  if (topic === undefined)
    return { errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION, message: 'This server does not host this topic.' }
  const refusal = countRefusal(topic, request)
  if (refusal !== null || validateOnly) return refusal
  try {
    broker.topics.addPartitions(topic, request.count)
    return null
  } catch (error) {
    return storageRefusal(broker, `adding partitions to topic ${request.name}`, error)
  }
}

function countRefusal(topic: Topic, { count, assignments }: TopicRequest): Refusal | null {
  const present = topic.logs.length
  if (count === present)
    return { errorCode: errorCode.INVALID_PARTITIONS, message: `Topic already has ${present} partition(s).` }
  if (count < present)
    return {
      errorCode: errorCode.INVALID_PARTITIONS,
      message: `The topic ${topic.name} currently has ${present} partition(s); ${count} would not be an increase.`,
    }
  if (count > maxPartitions)
    return {
      errorCode: errorCode.INVALID_PARTITIONS,
      message: `${count} partitions are more than the ${maxPartitions} that this broker allows.`,
    }
  const fits =
    assignments === null ||
    (assignments.length === count - present &&
      assignments.every((a) => a.brokerIds.length === 1 && a.brokerIds[0] === nodeId))
  if (fits) return null
  return {
    errorCode: errorCode.INVALID_REPLICA_ASSIGNMENT,
    message: `There must be one assignment for each new partition, to broker ${nodeId}, the only one.`,
  }
}
