import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import type { Handler } from './handler.ts'
import { checkLeaderEpoch } from './leader-epoch.ts'

type PartitionRequest = Messages['OffsetForLeaderEpoch']['request']['topics'][number]['partitions'][number]
type PartitionAnswer = Messages['OffsetForLeaderEpoch']['responseInput']['topics'][number]['partitions'][number]

/** Where the records of a leader epoch end: how a consumer finds out that a log has been cut behind it. */
export const handleOffsetForLeaderEpoch: Handler<'OffsetForLeaderEpoch'> = (broker, request) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => endOfEpoch(broker, topic, partition)),
  })),
})

function endOfEpoch(broker: Broker, topic: string, request: PartitionRequest): PartitionAnswer {
  const { partition } = request
  const log = broker.topics.log(topic, partition)
  if (log === undefined) return { partition, errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }
  const code = checkLeaderEpoch(log, request.currentLeaderEpoch)
  if (code !== errorCode.NONE) return { partition, errorCode: code }
  const { epoch, endOffset } = log.endOfEpoch(request.leaderEpoch)
  return { partition, errorCode: errorCode.NONE, leaderEpoch: epoch, endOffset }
}
