import { KafkaError } from '../errors/kafka-error.ts'
import { batchSizeAt, checkBatchCrc, readBatchHeader } from '../records/batch-header.ts'
import { RecordBatch } from '../records/record-batch.ts'

/** The batches of one partition's answer up to the first that cannot be read, and why that one cannot. */
export interface FetchedRun {
  readonly batches: readonly RecordBatch[]
  readonly error: KafkaError | null
}

/**
 * Reads what Fetch answered for a partition. What stands before a corrupt batch is delivered all the same; an
 * incomplete batch at the end is left out, since brokers cut where the limit of a fetch falls.
 */
export function readFetched(records: Buffer, checkCrcs: boolean): FetchedRun {
  const batches: RecordBatch[] = []
  try {
    for (let position = 0; position < records.length;) {
      const size = batchSizeAt(records, position)
      if (size < 0) break
      const header = readBatchHeader(records, position)
      if (checkCrcs) checkBatchCrc(records, header)
      batches.push(new RecordBatch(records, header))
      position += size
    }
    return { batches, error: null }
  } catch (error) {
    const failure = error instanceof KafkaError ? error : new KafkaError('CORRUPT_MESSAGE', String(error))
    return { batches, error: failure }
  }
}
