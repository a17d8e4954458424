import { Schema } from '../data/schema.ts'
import type { Value } from '../data/value.ts'
import type { ConnectRecord } from './connect-record.ts'
import { newRecord } from './new-record.ts'
import type { SinkRecord } from './sink-record.ts'
import { type SourceRecord, sourceRecord } from './source-record.ts'

declare const sink: SinkRecord
declare const source: SourceRecord

// A changed record is of the kind that it was.
export const changedSink: SinkRecord = newRecord(sink, { topic: 'u', value: null })
export const changedSource: SourceRecord = newRecord(source, { headers: [] })
// @ts-expect-error -- a source record is no sink record
export const mistaken: SinkRecord = newRecord(source, {})
// @ts-expect-error -- where a record was read from cannot be changed
newRecord(sink, { offset: 5 })
// @ts-expect-error -- records are not changed in place
source.topic = 'u'

export const least: SourceRecord = sourceRecord({ topic: 't', sourcePartition: {}, sourceOffset: {} })
// @ts-expect-error -- a record must say where in the source it is from
sourceRecord({ topic: 't' })
// @ts-expect-error -- absent is null
sourceRecord({ topic: 't', sourcePartition: { a: undefined }, sourceOffset: {} })

export const values: readonly Value[] = [
  null,
  true,
  1,
  1n,
  'x',
  new Uint8Array(),
  new Date(),
  [1, [null]],
  { a: { b: 1 } },
]
// @ts-expect-error -- undefined is no value
export const noValue: Value = undefined
// @ts-expect-error -- a function is no value
export const noFunction: Value = () => 1

export const common: ConnectRecord = source
export const fieldSchema: Schema | undefined = Schema.string.field('a')?.schema
