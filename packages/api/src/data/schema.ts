import { ConnectSchema } from './connect-schema.ts'
import { intern, pin } from './intern.ts'
import { LogicalName } from './logical-name.ts'
import { hashSchema } from './schema-equality.ts'
import type { SchemaType, Value } from './value.ts'

/** A field of a STRUCT schema. */
export interface Field {
  readonly name: string
  /** Its place in the schema, from 0. */
  readonly index: number
  readonly schema: Schema
}

/**
 * What a value is: immutable, built by `SchemaBuilder`. Equal schemas are usually the same object, so that work per
 * schema is found by identity (`perSchema`); whether two schemas are equal is for `schemaEquals` to say.
 */
export interface Schema {
  readonly type: SchemaType
  readonly optional: boolean
  readonly name: string | null
  readonly version: number | null
  readonly doc: string | null
  /** In the order in which they were set; null when there are none. */
  readonly parameters: ReadonlyMap<string, string> | null
  /** Null when there is none. */
  readonly defaultValue: Value
  /** Of a STRUCT; null for every other type. */
  readonly fields: readonly Field[] | null
  /** Of a MAP; null for every other type. */
  readonly keySchema: Schema | null
  /** Of an ARRAY or a MAP; null for every other type. */
  readonly valueSchema: Schema | null
  /** The field of this name; undefined when there is none. */
  field(name: string): Field | undefined
}

/** All properties of a schema, before it is one. */
export type SchemaProperties = Omit<Schema, 'field'>

/** The schema with these properties; an equal one that is still in use is given back instead of a new one. */
export function createSchema(of: SchemaProperties): Schema {
  return intern(new ConnectSchema(of, hashSchema(of)))
}

const bare: SchemaProperties = {
  type: 'STRING',
  optional: false,
  name: null,
  version: null,
  doc: null,
  parameters: null,
  defaultValue: null,
  fields: null,
  keySchema: null,
  valueSchema: null,
}

function constant(type: SchemaType, optional: boolean, name: string | null = null): Schema {
  const of: SchemaProperties = { ...bare, type, optional, name, version: name === null ? null : 1 }
  return pin(new ConnectSchema(of, hashSchema(of)))
}

function decimalSchema(scale: number, optional: boolean): Schema {
  const parameters = new Map([['scale', String(scale)]])
  return createSchema({ ...bare, type: 'BYTES', optional, name: LogicalName.decimal, version: 1, parameters })
}

/** The schemas that need no builder. */
export interface CommonSchemas {
  readonly int8: Schema
  readonly int16: Schema
  readonly int32: Schema
  readonly int64: Schema
  readonly float32: Schema
  readonly float64: Schema
  readonly boolean: Schema
  readonly string: Schema
  readonly bytes: Schema
  readonly date: Schema
  readonly time: Schema
  readonly timestamp: Schema
  readonly optionalInt8: Schema
  readonly optionalInt16: Schema
  readonly optionalInt32: Schema
  readonly optionalInt64: Schema
  readonly optionalFloat32: Schema
  readonly optionalFloat64: Schema
  readonly optionalBoolean: Schema
  readonly optionalString: Schema
  readonly optionalBytes: Schema
  readonly optionalDate: Schema
  readonly optionalTime: Schema
  readonly optionalTimestamp: Schema
  /** A Decimal with this many places behind the point. */
  decimal(scale: number): Schema
  optionalDecimal(scale: number): Schema
}

/** Primitive and logical schemas, required and optional. Anything more is for `SchemaBuilder`. */
export const Schema: CommonSchemas = {
  int8: constant('INT8', false),
  int16: constant('INT16', false),
  int32: constant('INT32', false),
  int64: constant('INT64', false),
  float32: constant('FLOAT32', false),
  float64: constant('FLOAT64', false),
  boolean: constant('BOOLEAN', false),
  string: constant('STRING', false),
  bytes: constant('BYTES', false),
  date: constant('INT32', false, LogicalName.date),
  time: constant('INT32', false, LogicalName.time),
  timestamp: constant('INT64', false, LogicalName.timestamp),
  optionalInt8: constant('INT8', true),
  optionalInt16: constant('INT16', true),
  optionalInt32: constant('INT32', true),
  optionalInt64: constant('INT64', true),
  optionalFloat32: constant('FLOAT32', true),
  optionalFloat64: constant('FLOAT64', true),
  optionalBoolean: constant('BOOLEAN', true),
  optionalString: constant('STRING', true),
  optionalBytes: constant('BYTES', true),
  optionalDate: constant('INT32', true, LogicalName.date),
  optionalTime: constant('INT32', true, LogicalName.time),
  optionalTimestamp: constant('INT64', true, LogicalName.timestamp),
  decimal: (scale) => decimalSchema(scale, false),
  optionalDecimal: (scale) => decimalSchema(scale, true),
}

/** Java's text of a schema, as Connect's messages show it: `Schema{INT32}`, `Schema{com.acme.Order:STRUCT}`. */
export function schemaText(schema: Schema | null): string {
  if (schema === null) return 'null'
  return schema.name === null ? `Schema{${schema.type}}` : `Schema{${schema.name}:${schema.type}}`
}
