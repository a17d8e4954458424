import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { storageRefusal } from '../topics/create-topic.ts'
import type { Handler } from './handler.ts'

type PartitionRequest = Messages['DeleteRecords']['request']['topics'][number]['partitions'][number]
type PartitionAnswer = Messages['DeleteRecords']['responseInput']['topics'][number]['partitions'][number]

const highWatermark = -1

/** Deletes the records before an offset; −1 stands for all that there are. */
export const handleDeleteRecords: Handler<'DeleteRecords'> = (broker, request) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => deleteRecords(broker, name, partition)),
  })),
})

function deleteRecords(broker: Broker, topic: string, { partitionIndex, offset }: PartitionRequest): PartitionAnswer {
  const log = broker.topics.log(topic, partitionIndex)
  if (log === undefined) return { partitionIndex, lowWatermark: -1, errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }
  const before = offset === highWatermark ? log.endOffset : offset
  if (before < 0 || before > log.endOffset)
    return { partitionIndex, lowWatermark: -1, errorCode: errorCode.OFFSET_OUT_OF_RANGE }
  try {
    log.deleteBefore(before)
    return { partitionIndex, lowWatermark: log.startOffset, errorCode: errorCode.NONE }
  } catch (error) {
    const refusal = storageRefusal(broker, `deleting records of partition ${topic}-${partitionIndex}`, error)
    return { partitionIndex, lowWatermark: -1, errorCode: refusal.errorCode }
  }
}
