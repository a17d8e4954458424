import { DataError } from '../errors/connect-error.ts'
import { maxDepth } from './depth.ts'
import type { Field, Schema, SchemaProperties } from './schema.ts'
import type { SchemaType, Value } from './value.ts'

/** Fewer fields than this are found faster by looking at each. */
const indexedFrom = 8

/** What a schema of ours knows about itself beyond its properties; nothing of it shows. */
export interface SchemaInternals {
  /** The same for equal schemas. */
  readonly hash: number
  /** How deep it is nested, from 1. */
  readonly depth: number
  /** What the data model has compiled for it, by slot. */
  readonly compiled: unknown[]
}

/** The one implementation of `Schema` here. A plugin's own copy of this package has another. */
export class ConnectSchema implements Schema {
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
  readonly #internals: SchemaInternals
  #index: ReadonlyMap<string, Field> | null = null

  constructor(of: SchemaProperties, hash: number) {
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
    this.#internals = { hash, depth: depthOf(of), compiled: [] }
    Object.freeze(this)
  }

  /** The internals of a schema; undefined for one of another copy of this package. */
  static internalsOf(schema: Schema | SchemaProperties): SchemaInternals | undefined {
    return #internals in schema ? schema.#internals : undefined
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

/** A DataError when the schema is nested so deep that values of it could not be walked. */
function depthOf({ fields, keySchema, valueSchema }: SchemaProperties): number {
  let deepest = Math.max(knownDepth(keySchema), knownDepth(valueSchema))
  for (const field of fields ?? []) deepest = Math.max(deepest, knownDepth(field.schema))
  if (deepest < maxDepth) return deepest + 1
  throw new DataError(`Building a schema: it is nested deeper than ${maxDepth} levels.`, { code: 'SCHEMA_INVALID' })
}

function knownDepth(schema: Schema | null): number {
  if (schema === null) return 0
  return ConnectSchema.internalsOf(schema)?.depth ?? depthOf(schema)
}
