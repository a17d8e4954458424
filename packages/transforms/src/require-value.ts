import {
  type ConnectRecord,
  DataError,
  isStruct,
  javaClassOf,
  type Schema,
  type SinkRecord,
  type Struct,
  type Value,
} from '@sluice/api'

/** The value as a struct of its schema, which must be one of structs; a DataError names what was found. */
export function requireStruct(schema: Schema, value: Value, purpose: string): Struct {
  if (schema.type === 'STRUCT' && isStruct(value)) return value
  throw new DataError(`Only Struct objects supported for [${purpose}], found: ${nameOf(value)}`)
}

/** The value as a schemaless map, in either form; a DataError names what was found. */
export function requireMap(value: Value, purpose: string): Struct | ReadonlyMap<Value, Value> {
  if (isStruct(value)) return value
  if (value instanceof Map) return value as ReadonlyMap<Value, Value>
  throw new DataError(`Only Map objects supported in absence of schema for [${purpose}], found: ${nameOf(value)}`)
}

/** The record as one that was read from Kafka; a DataError when it is on its way there. */
export function requireSinkRecord(record: ConnectRecord, purpose: string): SinkRecord {
  if ('originalOffset' in record) return record as SinkRecord
  throw new DataError(`Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`)
}

function nameOf(value: Value): string {
  return value === null ? 'null' : javaClassOf(value)
}
