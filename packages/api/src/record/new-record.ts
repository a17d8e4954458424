import type { ConnectRecord, RecordChanges } from './connect-record.ts'
import type { SinkRecord } from './sink-record.ts'
import type { SourceRecord } from './source-record.ts'

function change<T>(changed: T | undefined, current: T): T {
  return changed === undefined ? current : changed
}

function changedSource(record: SourceRecord, changes: RecordChanges): SourceRecord {
  return {
    topic: change(changes.topic, record.topic),
    partition: change(changes.partition, record.partition),
    keySchema: change(changes.keySchema, record.keySchema),
    key: change(changes.key, record.key),
    valueSchema: change(changes.valueSchema, record.valueSchema),
    value: change(changes.value, record.value),
    timestamp: change(changes.timestamp, record.timestamp),
    headers: change(changes.headers, record.headers),
    sourcePartition: record.sourcePartition,
    sourceOffset: record.sourceOffset,
  }
}

function changedSink(record: SinkRecord, changes: RecordChanges): SinkRecord {
  return {
    topic: change(changes.topic, record.topic),
    partition: changes.partition ?? record.partition,
    keySchema: change(changes.keySchema, record.keySchema),
    key: change(changes.key, record.key),
    valueSchema: change(changes.valueSchema, record.valueSchema),
    value: change(changes.value, record.value),
    timestamp: change(changes.timestamp, record.timestamp),
    headers: change(changes.headers, record.headers),
    offset: record.offset,
    timestampType: record.timestampType,
    originalTopic: record.originalTopic,
    originalPartition: record.originalPartition,
    originalOffset: record.originalOffset,
  }
}

/**
 * The record with some properties changed: a source record stays one, with its place in the source, and a sink record
 * keeps where it was read from. Both keep the shape that their makers give.
 */
export function newRecord<R extends ConnectRecord>(record: R, changes: RecordChanges): R {
  const changed: ConnectRecord =
    'sourcePartition' in record
      ? changedSource(record as ConnectRecord as SourceRecord, changes)
      : changedSink(record as ConnectRecord as SinkRecord, changes)
  return changed as R
}
