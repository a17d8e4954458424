import { DataError } from '../errors/connect-error.ts'
import type { Value } from '../data/value.ts'
import type { ConnectRecord } from './connect-record.ts'
import { noHeaders } from './headers.ts'

/** Names a part of the source: a file, a table. Plain JSON values. */
export interface SourcePartition {
  readonly [key: string]: Value
}

/** How far a part of the source has been read. Plain JSON values. */
export interface SourceOffset {
  readonly [key: string]: Value
}

/** A record on its way from a source to Kafka. */
export interface SourceRecord extends ConnectRecord {
  readonly sourcePartition: SourcePartition
  readonly sourceOffset: SourceOffset
}

/** What `poll` gives: everything but the topic and the place in the source may be left out. */
export type SourceRecordInput = Pick<SourceRecord, 'topic' | 'sourcePartition' | 'sourceOffset'> & {
  readonly [Property in Exclude<keyof ConnectRecord, 'topic'>]?: ConnectRecord[Property] | undefined
}

/** The record for what a task polled, always of one shape; an input without a topic is a DataError. */
export function sourceRecord(input: SourceRecordInput): SourceRecord {
  if (typeof input.topic !== 'string' || input.topic === '')
    throw new DataError('Taking a source record: it names no topic.')
  return {
    topic: input.topic,
    partition: input.partition ?? null,
    keySchema: input.keySchema ?? null,
    key: input.key ?? null,
    valueSchema: input.valueSchema ?? null,
    value: input.value ?? null,
    timestamp: input.timestamp ?? null,
    headers: input.headers ?? noHeaders,
    sourcePartition: input.sourcePartition,
    sourceOffset: input.sourceOffset,
  }
}
