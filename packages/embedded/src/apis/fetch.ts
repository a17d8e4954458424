import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { ReadLease } from '../log/read-lease.ts'
import type { Call, Handler } from './handler.ts'
import { checkLeaderEpoch } from './leader-epoch.ts'

type Request = Messages['Fetch']['request']
type PartitionRequest = Request['topics'][number]['partitions'][number]
type Response = Messages['Fetch']['responseInput']
type PartitionAnswer = Response['responses'][number]['partitions'][number]

/** Kafka's limit for what one answer may carry, whatever the client allows (fetch.max.bytes). */
const largestAnswer = 55 * 1024 * 1024
const noRecords = Buffer.alloc(0)

/**
 * Reads batches as they lie in the logs. Where there is less than the client wants, waits for appends, for as long as
 * the client allows. Fetch sessions are not offered: every request names all its partitions.
 */
export const handleFetch: Handler<'Fetch'> = async (broker, request, call) => {
  if (request.sessionId !== 0 && request.sessionEpoch > 0)
    return { errorCode: errorCode.FETCH_SESSION_ID_NOT_FOUND, responses: [] }
  if (!isSatisfied(broker, request)) await enoughOrTooLate(broker, request, call)
  return readAll(broker, request, call)
}

/** Whether to answer now: there is enough, or an error, or nothing to wait for. */
function isSatisfied(broker: Broker, request: Request): boolean {
  if (request.maxWaitMs <= 0) return true
  let bytes = 0
  let partitions = 0
  for (const { topic, partitions: wanted } of request.topics) {
    for (const partition of wanted) {
      partitions += 1
      const log = broker.topics.log(topic, partition.partition)
      if (log === undefined || fetchError(log, partition) !== errorCode.NONE) return true
      const enough = Math.min(partition.partitionMaxBytes, request.minBytes - bytes)
      bytes += Math.min(log.bytesFrom(partition.fetchOffset, enough), partition.partitionMaxBytes)
      if (bytes >= request.minBytes) return true
    }
  }
  return partitions === 0 || request.minBytes <= 0
}

/** Resolves when the request is satisfied, its time is up, or the client has gone. */
function enoughOrTooLate(broker: Broker, request: Request, call: Call): Promise<void> {
  return new Promise((resolve) => {
    const ends: (() => void)[] = []
    let isOver = false
    const finish = (): void => {
      if (isOver) return
      isOver = true
      for (const end of ends) end()
      resolve()
    }
    let isChecking = false
    // One look after all appends of a request, not one for each.
    const look = (): void => {
      if (isChecking || isOver) return
      isChecking = true
      queueMicrotask(() => {
        isChecking = false
        if (!isOver && isSatisfied(broker, request)) finish()
      })
    }
    for (const { topic, partitions } of request.topics)
      for (const { partition } of partitions) ends.push(broker.topics.log(topic, partition)?.onAppend(look) ?? noEnd)
    ends.push(call.onClosed(finish))
    const timer = setTimeout(finish, request.maxWaitMs)
    ends.push(() => clearTimeout(timer))
  })
}

function noEnd(): void {}

function readAll(broker: Broker, request: Request, call: Call): Response {
  const lease = new ReadLease(broker.buffers)
  call.afterAnswer(() => lease.release())
  const budget = { left: Math.min(request.maxBytes, largestAnswer), isEmpty: true }
  const responses = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => {
      const log = broker.topics.log(topic, partition.partition)
      if (log === undefined) return refused(partition, errorCode.UNKNOWN_TOPIC_OR_PARTITION)
      try {
        return readPartition(log, partition, { request, lease, budget })
      } catch (error) {
        broker.health.failed(`reading partition ${topic}-${partition.partition}`, error)
        return refused(partition, errorCode.KAFKA_STORAGE_ERROR)
      }
    }),
  }))
  return { errorCode: errorCode.NONE, sessionId: 0, responses }
}

interface Reading {
  readonly request: Request
  readonly lease: ReadLease
  /** What the answer may still carry. Its first batch may exceed every limit: else it could never be read. */
  readonly budget: { left: number; isEmpty: boolean }
}

function readPartition(log: PartitionLog, partition: PartitionRequest, reading: Reading): PartitionAnswer {
  const { request, lease, budget } = reading
  const code = fetchError(log, partition)
  if (code !== errorCode.NONE) return { ...refused(partition, code), ...watermarks(log) }
  const diverging = divergence(log, partition)
  if (diverging !== null)
    return { ...refused(partition, errorCode.NONE), ...watermarks(log), divergingEpoch: diverging }
  const maxBytes = Math.min(partition.partitionMaxBytes, Math.max(budget.left, 0))
  const slice = log.read(partition.fetchOffset, { maxBytes, atLeastOne: budget.isEmpty }, lease)
  budget.left -= slice.bytes
  if (slice.bytes > 0) budget.isEmpty = false
  return {
    partitionIndex: partition.partition,
    errorCode: errorCode.NONE,
    ...watermarks(log),
    abortedTransactions: request.isolationLevel === 0 ? null : [],
    records: slice.bytes === 0 ? noRecords : slice.parts,
  }
}

function fetchError(log: PartitionLog, partition: PartitionRequest): number {
  const code = checkLeaderEpoch(log, partition.currentLeaderEpoch)
  if (code !== errorCode.NONE) return code
  const { fetchOffset } = partition
  return fetchOffset < log.startOffset || fetchOffset > log.endOffset ? errorCode.OFFSET_OUT_OF_RANGE : errorCode.NONE
}

/** A reader whose last record the log no longer has is told where to go back to. */
function divergence(
  log: PartitionLog,
  partition: PartitionRequest,
): { readonly epoch: number; readonly endOffset: number } | null {
  if (partition.lastFetchedEpoch < 0) return null
  const end = log.endOfEpoch(partition.lastFetchedEpoch)
  return end.epoch < partition.lastFetchedEpoch || end.endOffset < partition.fetchOffset ? end : null
}

function watermarks(log: PartitionLog): Pick<PartitionAnswer, 'highWatermark' | 'lastStableOffset' | 'logStartOffset'> {
  return { highWatermark: log.endOffset, lastStableOffset: log.endOffset, logStartOffset: log.startOffset }
}

function refused(partition: PartitionRequest, code: number): PartitionAnswer {
  return {
    partitionIndex: partition.partition,
    errorCode: code,
    highWatermark: -1,
    abortedTransactions: null,
    records: noRecords,
  }
}
