import type { ConnectRecord } from './connect-record.ts'

/** Who set the timestamp of a record. */
export type TimestampType = 'NoTimestampType' | 'CreateTime' | 'LogAppendTime'

/** A record on its way from Kafka to a sink. */
export interface SinkRecord extends ConnectRecord {
  readonly partition: number
  readonly offset: number
  readonly timestampType: TimestampType
  /** Where it was read from, whatever transforms have made of topic and partition since. */
  readonly originalTopic: string
  readonly originalPartition: number
  readonly originalOffset: number
}

/** The record with these properties, always of one shape. */
export function sinkRecord(of: SinkRecord): SinkRecord {
  return {
    topic: of.topic,
    partition: of.partition,
    keySchema: of.keySchema,
    key: of.key,
    valueSchema: of.valueSchema,
    value: of.value,
    timestamp: of.timestamp,
    headers: of.headers,
    offset: of.offset,
    timestampType: of.timestampType,
    originalTopic: of.originalTopic,
    originalPartition: of.originalPartition,
    originalOffset: of.originalOffset,
  }
}
