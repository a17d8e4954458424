import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import type { Messages } from '../protocol/api-table.ts'

/** What the broker answered for one partition of a Produce request. */
export interface PartitionAnswer {
  readonly error: KafkaError | null
  readonly baseOffset: number
  /** -1 unless the topic stamps records itself. */
  readonly logAppendTimeMs: number
}

/** The answers of one request by partition. */
export interface ProduceAnswers {
  get(topic: string, partition: number): PartitionAnswer
}

/** Reads a Produce response; a partition that it leaves out counts as unanswered, to be sent again. */
export function answersByPartition(response: Messages['Produce']['response']): ProduceAnswers {
  const answers = new Map<string, Map<number, PartitionAnswer>>()
  for (const topic of response.responses) {
    const partitions = answers.get(topic.name) ?? new Map<number, PartitionAnswer>()
    answers.set(topic.name, partitions)
    for (const partition of topic.partitionResponses) {
      partitions.set(partition.index, {
        error: errorOf(topic.name, partition),
        baseOffset: partition.baseOffset,
        logAppendTimeMs: partition.logAppendTimeMs,
      })
    }
  }
  return { get: (topic, partition) => answers.get(topic)?.get(partition) ?? missing(topic, partition) }
}

type PartitionResponse = Messages['Produce']['response']['responses'][number]['partitionResponses'][number]

function errorOf(topic: string, answer: PartitionResponse): KafkaError | null {
  if (answer.errorCode === errorCode.NONE) return null
  const details = answer.errorMessage ?? answer.recordErrors[0]?.batchIndexErrorMessage ?? null
  return errorFromCode(answer.errorCode, `Producing to ${topic}-${answer.index}`, details)
}

function missing(topic: string, partition: number): PartitionAnswer {
  const error = new KafkaError(
    'NETWORK_EXCEPTION',
    `Producing to ${topic}-${partition}: the broker's answer leaves it out`,
  )
  return { error, baseOffset: -1, logAppendTimeMs: -1 }
}
