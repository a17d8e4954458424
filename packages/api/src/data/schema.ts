import { DataError } from '../errors/connect-error.ts'
import { maxDepth } from './depth.ts'
import { intern, pin } from './intern.ts'
import { LogicalName } from './logical-name.ts'
import { compiledSlots } from './per-schema.ts'
import { hashSchema, schemaHash } from './schema-equality.ts'
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

const schemaDepth: unique symbol = Symbol('sluice.schema.depth')

/** How deep a schema is nested; a DataError when values of it could not be walked. */
function depthOf({ fields, keySchema, valueSchema }: SchemaProperties): number {
  let deepest = Math.max(knownDepth(keySchema), knownDepth(valueSchema))
  for (const field of fields ?? []) deepest = Math.max(deepest, knownDepth(field.schema))
  if (deepest < maxDepth) return deepest + 1
  throw new DataError(`Building a schema: it is nested deeper than ${maxDepth} levels.`, { code: 'SCHEMA_INVALID' })
}

function knownDepth(schema: Schema | null): number {
  if (schema === null) return 0
  return (schema as { readonly [schemaDepth]?: number })[schemaDepth] ?? depthOf(schema)
}

/** Fewer fields than this are found faster by looking at each. */
const indexedFrom = 8

class ConnectSchema implements Schema {
  readonly type: SchemaType
  readonly optional: boolean
  readonly name: string | null
  readonly version: number | null
  readonly doc: string | null
  readonly parameters: ReadonlyMap<string, string> | null
  readonly defaultValue: Value
  readonly fields: readonly Field[] | null
  readonly keySchema: Schema | null
  readonly valueSchema: Schema | null
  readonly [schemaHash]: number
  readonly [schemaDepth]: number
  readonly [compiledSlots]: unknown[] = []
  #index: ReadonlyMap<string, Field> | null = null

  constructor(of: SchemaProperties) {
    this.type = of.type
    this.optional = of.optional
    this.name = of.name
    this.version = of.version
    this.doc = of.doc
    this.parameters = of.parameters
    this.defaultValue = of.defaultValue
    this.fields = of.fields
    this.keySchema = of.keySchema
    this.valueSchema = of.valueSchema
    this[schemaHash] = hashSchema(this)
    this[schemaDepth] = depthOf(of)
    Object.freeze(this)
  }

  field(name: string): Field | undefined {
    const { fields } = this
    if (fields === null) return undefined
    if (fields.length < indexedFrom) {
      for (const field of fields) if (field.name === name) return field
      return undefined
    }
    this.#index ??= new Map(fields.map((field) => [field.name, field]))
    return this.#index.get(name)
  }
}

/** The schema with these properties; an equal one that is still in use is given back instead of a new one. */
export function createSchema(of: SchemaProperties): Schema {
  return intern(new ConnectSchema(of))
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
  return pin(new ConnectSchema({ ...bare, type, optional, name, version: name === null ? null : 1 }))
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
