import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { storageRefusal } from '../topics/create-topic.ts'
import type { Answer, Handler } from './handler.ts'

type TopicData = Messages['Produce']['request']['topicData'][number]
type PartitionData = TopicData['partitionData'][number]
type TopicAnswer = Messages['Produce']['responseInput']['responses'][number]
type PartitionAnswer = TopicAnswer['partitionResponses'][number]

/** Appends batches to logs, and answers when they are with the operating system. `acks=0` is answered by nothing. */
export const handleProduce: Handler<'Produce'> = (broker, request): Answer<'Produce'> => {
  const refusal = requestRefusal(request)
  const responses = request.topicData.map((topic) => appendToTopic(broker, topic, refusal))
  if (request.acks !== 0) return { responses }
  // Nobody would read an error: Kafka ends the connection, so that the producer learns that something is wrong.
  const allWell = responses.every((r) => r.partitionResponses.every((p) => p.errorCode === errorCode.NONE))
  return allWell ? null : 'close'
}

function requestRefusal(request: Messages['Produce']['request']): number {
  if (request.acks < -1 || request.acks > 1) return errorCode.INVALID_REQUIRED_ACKS
  // The ids of transactional producers are never given out here, so nobody can have begun a transaction.
  return request.transactionalId === null ? errorCode.NONE : errorCode.INVALID_TXN_STATE
}

function appendToTopic(broker: Broker, topic: TopicData, refusal: number): TopicAnswer {
  const partitionResponses = topic.partitionData.map((partition) =>
    refusal === errorCode.NONE
      ? append(broker, topic.name, partition)
      : { index: partition.index, errorCode: refusal, baseOffset: -1 },
  )
  return { name: topic.name, partitionResponses }
}

function append(broker: Broker, topic: string, { index, records }: PartitionData): PartitionAnswer {
  const log = broker.topics.log(topic, index)
  if (log === undefined) return { index, errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION, baseOffset: -1 }
  try {
    const result = log.append(records ?? Buffer.alloc(0), Date.now())
    if (result.errorCode === errorCode.NONE) broker.health.succeeded()
    return {
      index,
      errorCode: result.errorCode,
      baseOffset: result.baseOffset,
      logAppendTimeMs: result.logAppendTime,
      logStartOffset: log.startOffset,
      errorMessage: result.problem,
    }
  } catch (error) {
    const refusal = storageRefusal(broker, `appending to partition ${topic}-${index}`, error)
    return { index, errorCode: refusal.errorCode, baseOffset: -1, errorMessage: refusal.message }
  }
}
