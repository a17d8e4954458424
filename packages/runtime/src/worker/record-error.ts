import { ConnectError, DataError, isConnectError, isDataError, type SourceRecord, toJson } from '@sluice/api'

/** What was being done to a record, in Connect's words. */
export type RecordStage =
  | 'TASK_POLL'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'

/** Where in the pipeline a record is: which stage, by which plugin. Made once per task, not per record. */
export interface PipelineStep {
  readonly stage: RecordStage
  readonly className: string
}

/** The error of a record that failed: where it failed, in whose code, and where the record lies. Never its value. */
export function recordError(step: PipelineStep, where: string, cause: unknown): ConnectError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `${step.stage} by ${step.className} of the record ${where}: ${reason}`
  const options = { cause, ...(isConnectError(cause) ? { code: cause.code } : {}) }
  const inner = isDataError(cause) ? new DataError(message, options) : new ConnectError(message, options)
  return new ConnectError(`Tolerance exceeded in error handler: ${message}`, { cause: inner, code: inner.code })
}

/** `topic-3@17`: where a sink record was read. */
export function sinkPlace(topic: string, partition: number, offset: number): string {
  return `${topic}-${partition}@${offset}`
}

/** Where a source record comes from. Partitions and offsets are names and counters, no values of records. */
export function sourcePlace(record: SourceRecord): string {
  return `for ${record.topic} from ${toJson(record.sourcePartition)} at ${toJson(record.sourceOffset)}`
}
