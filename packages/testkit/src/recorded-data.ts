import {
  type ConnectRecord,
  Decimal,
  float64,
  type Header,
  int64,
  noHeaders,
  type Schema,
  SchemaBuilder,
  type SchemaType,
  type SinkRecord,
  sourceRecord,
  structMaker,
  type Value,
} from '@sluice/api'
import { sinkRecordOf } from './run-sink-task.ts'

/*
 * Schemas, values and records as recordings of Apache Connect write them in JSON:
 * a primitive schema is its type, with `?` when optional; any other an object of its properties. A value names its Java
 * type: `{"i64":"1"}`, `{"f64":1.5}`, `{"dec":["150",2]}`, `{"map":[[key,value],…]}`, `{"struct":{…}}`.
 */

/** A schema as a recording writes it. */
export type RecordedSchema = string | null | RecordedSchemaObject

interface RecordedSchemaObject {
  readonly type: SchemaType
  readonly optional?: boolean
  readonly name?: string
  readonly version?: number
  readonly doc?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly default?: unknown
  readonly fields?: readonly (readonly [string, RecordedSchema])[]
  readonly keySchema?: RecordedSchema
  readonly valueSchema?: RecordedSchema
}

/** The schema of a recording; null for schemaless. */
export function recordedSchema(recorded: RecordedSchema | undefined): Schema | null {
  return recorded === null || recorded === undefined ? null : requireSchema(recorded)
}

function requireSchema(recorded: RecordedSchema | undefined): Schema {
  if (typeof recorded === 'string') {
    const builder = SchemaBuilder.ofType(recorded.replace('?', '') as SchemaType)
    return (recorded.endsWith('?') ? builder.optional() : builder).build()
  }
  if (recorded === null || recorded === undefined) throw new TypeError('A recorded schema lacks the schema of a part.')
  const builder = builderOf(recorded)
  if (recorded.optional === true) builder.optional()
  if (recorded.name !== undefined) builder.name(recorded.name)
  if (recorded.version !== undefined) builder.version(recorded.version)
  if (recorded.doc !== undefined) builder.doc(recorded.doc)
  if (recorded.parameters !== undefined) builder.parameters(recorded.parameters)
  if (recorded.default !== undefined) builder.defaultValue(recordedValue(recorded.default, builder.build()))
  return builder.build()
}

function builderOf(recorded: RecordedSchemaObject): SchemaBuilder {
  switch (recorded.type) {
    case 'ARRAY':
      return SchemaBuilder.array(requireSchema(recorded.valueSchema))
    case 'MAP':
      return SchemaBuilder.map(requireSchema(recorded.keySchema), requireSchema(recorded.valueSchema))
    case 'STRUCT': {
      const builder = SchemaBuilder.struct()
      for (const [name, schema] of recorded.fields ?? []) builder.field(name, requireSchema(schema))
      return builder
    }
    default:
      return SchemaBuilder.ofType(recorded.type)
  }
}

/** The value of a recording under a schema, or null for schemaless. */
export function recordedValue(recorded: unknown, schema: Schema | null): Value {
  if (recorded === null || recorded === undefined) return null
  if (Array.isArray(recorded)) return recorded.map((item) => recordedValue(item, schema?.valueSchema ?? null))
  if (typeof recorded !== 'object') return recorded as boolean | string
  const [kind, content] = Object.entries(recorded)[0] ?? ['', null]
  return tagged(kind, content, schema, (recorded as { readonly schema?: RecordedSchema }).schema)
}

type Pairs = readonly (readonly [unknown, unknown])[]

type ReadTagged = (content: unknown, schema: Schema | null, own: RecordedSchema | undefined) => Value

const integer: ReadTagged = (content) => content as number
const bytes: ReadTagged = (content) => new Uint8Array(Buffer.from(content as string, 'base64'))

const taggedKinds: ReadonlyMap<string, ReadTagged> = new Map<string, ReadTagged>([
  ['i8', integer],
  ['i16', integer],
  ['i32', integer],
  ['i64', (content) => int64(BigInt(content as string))],
  ['bigint', (content) => BigInt(content as string)],
  ['f32', (content, schema) => (schema === null ? float64(Number(content)) : Math.fround(Number(content)))],
  ['f64', (content, schema) => (schema === null ? float64(Number(content)) : Number(content))],
  ['bytes', bytes],
  ['buffer', bytes],
  ['dec', (content) => recordedDecimal(content as readonly [string, number])],
  ['date', (content) => new Date(content as number)],
  ['map', (content, schema) => recordedMap(content as Pairs, schema)],
  ['hmap', (content, schema) => recordedMap(content as Pairs, schema)],
  [
    'struct',
    (content, schema, own) =>
      recordedStruct(content as Readonly<Record<string, unknown>>, recordedSchema(own) ?? schema),
  ],
])

function tagged(kind: string, content: unknown, schema: Schema | null, own: RecordedSchema | undefined): Value {
  const read = taggedKinds.get(kind)
  if (read === undefined) throw new TypeError(`A recorded value is of a kind that has no form here: ${kind}.`)
  return read(content, schema, own)
}

function recordedDecimal([unscaled, scale]: readonly [string, number]): Value {
  return new Decimal(BigInt(unscaled), scale)
}

function recordedMap(pairs: Pairs, schema: Schema | null): Value {
  const entries = pairs.map(([key, value]) => {
    return [recordedValue(key, schema?.keySchema ?? null), recordedValue(value, schema?.valueSchema ?? null)] as const
  })
  const isObject = schema === null && entries.every(([key]) => typeof key === 'string')
  return isObject ? Object.fromEntries(entries as (readonly [string, Value])[]) : new Map(entries)
}

function recordedStruct(fields: Readonly<Record<string, unknown>>, schema: Schema | null): Value {
  if (schema === null) throw new TypeError('A recorded struct has no schema.')
  const values = (schema.fields ?? []).map(({ name, schema: of }) => recordedValue(fields[name], of))
  return structMaker(schema).fromValues(values)
}

/** A record as a recording writes it: what is absent is null. */
export interface RecordedRecord {
  readonly kind: 'sink' | 'source'
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  readonly timestamp?: number
  readonly keySchema?: RecordedSchema
  readonly key?: unknown
  readonly valueSchema?: RecordedSchema
  readonly value?: unknown
  readonly headers?: readonly (readonly [string, RecordedSchema, unknown])[]
}

/** The record of a recording. A source record comes from partition `{"p":1}` at offset `{"o":2}`. */
export function recordedRecord(recorded: RecordedRecord): ConnectRecord {
  const keySchema = recordedSchema(recorded.keySchema)
  const valueSchema = recordedSchema(recorded.valueSchema)
  const common = {
    topic: recorded.topic ?? '',
    partition: recorded.partition ?? null,
    keySchema,
    key: recordedValue(recorded.key, keySchema),
    valueSchema,
    value: recordedValue(recorded.value, valueSchema),
    timestamp: recorded.timestamp ?? null,
    headers: recorded.headers?.map(recordedHeader) ?? noHeaders,
  }
  if (recorded.kind === 'source') {
    return {
      ...sourceRecord({ ...common, topic: 'any', sourcePartition: { p: 1 }, sourceOffset: { o: 2 } }),
      topic: common.topic,
    }
  }
  const sink: Partial<SinkRecord> = { ...common, partition: common.partition ?? 0, offset: recorded.offset ?? 0 }
  return sinkRecordOf(sink)
}

function recordedHeader([key, schema, value]: readonly [string, RecordedSchema, unknown]): Header {
  const of = recordedSchema(schema)
  return { key, schema: of, value: recordedValue(value, of) }
}
