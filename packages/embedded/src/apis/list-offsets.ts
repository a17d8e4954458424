import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { findMaxTimestamp, findTimestamp, type TimedOffset } from '../log/find-timestamp.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { Handler } from './handler.ts'
import { checkLeaderEpoch } from './leader-epoch.ts'

type PartitionRequest = Messages['ListOffsets']['request']['topics'][number]['partitions'][number]
type PartitionAnswer = Messages['ListOffsets']['responseInput']['topics'][number]['partitions'][number]

const latest = -1
const earliest = -2
const maxTimestamp = -3
const earliestLocal = -4
const firstWithEpochs = 4

/** The first and last offsets of partitions, and offsets by time. */
export const handleListOffsets: Handler<'ListOffsets'> = (broker, request, call) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => {
      const { leaderEpoch, ...answer } = listOffset(broker, name, partition)
      return call.version < firstWithEpochs ? answer : { ...answer, leaderEpoch }
    }),
  })),
})

function listOffset(broker: Broker, topic: string, partition: PartitionRequest): PartitionAnswer {
  const { partitionIndex } = partition
  const log = broker.topics.log(topic, partitionIndex)
  if (log === undefined) return { partitionIndex, errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }
  const code = checkLeaderEpoch(log, partition.currentLeaderEpoch)
  if (code !== errorCode.NONE) return { partitionIndex, errorCode: code }
  try {
    const found = findOffset(broker, log, partition.timestamp)
    if (found === null) return { partitionIndex, errorCode: errorCode.NONE }
    return { partitionIndex, errorCode: errorCode.NONE, ...found, leaderEpoch: log.epochAt(found.offset) }
  } catch (error) {
    broker.health.failed(`reading partition ${topic}-${partitionIndex}`, error)
    return { partitionIndex, errorCode: errorCode.KAFKA_STORAGE_ERROR }
  }
}

function findOffset(broker: Broker, log: PartitionLog, timestamp: number): TimedOffset | null {
  if (timestamp === latest) return { offset: log.endOffset, timestamp: -1 }
  if (timestamp === earliest || timestamp === earliestLocal) return { offset: log.startOffset, timestamp: -1 }
  if (timestamp === maxTimestamp) return findMaxTimestamp(log, broker.buffers)
  // Further negative numbers ask for tiered storage, which there is none of.
  return timestamp < 0 ? null : findTimestamp(log, timestamp, broker.buffers)
}
