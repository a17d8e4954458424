import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import type { OffsetEntry } from '../groups/group-log.ts'
import type { Handler } from './handler.ts'

type Partition = Messages['OffsetCommit']['request']['topics'][number]['partitions'][number]

/** Longer metadata is refused (offset.metadata.max.bytes). */
const maxMetadataBytes = 4096

/** Commits offsets under a generation, or without one for a group that nobody is in. */
export const handleOffsetCommit: Handler<'OffsetCommit'> = (broker, request) => {
  const accepted: OffsetEntry[] = []
  for (const { name, partitions } of request.topics)
    for (const partition of partitions)
      if (partitionError(broker, name, partition) === errorCode.NONE) accepted.push(toEntry(name, partition))
  const claim = {
    memberId: request.memberId,
    generation: request.generationIdOrMemberEpoch,
    instanceId: request.groupInstanceId,
  }
  const code = broker.groups.commit(request.groupId, claim, accepted)
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => ({
        partitionIndex: partition.partitionIndex,
        errorCode: partitionError(broker, name, partition) || code,
      })),
    })),
  }
}

function partitionError(broker: Broker, topic: string, partition: Partition): number {
  if (broker.topics.log(topic, partition.partitionIndex) === undefined) return errorCode.UNKNOWN_TOPIC_OR_PARTITION
  // Beyond 2^53 an offset would not be kept exactly; no log gets there.
  if (!Number.isSafeInteger(partition.committedOffset)) return errorCode.INVALID_COMMIT_OFFSET_SIZE
  const tooLong = Buffer.byteLength(partition.committedMetadata ?? '') > maxMetadataBytes
  return tooLong ? errorCode.OFFSET_METADATA_TOO_LARGE : errorCode.NONE
}

function toEntry(topic: string, partition: Partition): OffsetEntry {
  const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = partition
  return [topic, partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata ?? '']
}
