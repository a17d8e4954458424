import { DataError } from '../errors/connect-error.ts'
import { type CanonicalCheck, canonicalCheck } from './canonical-check.ts'
import { isDecimal } from './decimal.ts'
import { isFloat64 } from './float64.ts'
import { fitsInt64, int64 } from './int64.ts'
import { LogicalName } from './logical-name.ts'
import { onSchema } from './per-schema.ts'
import type { Schema } from './schema.ts'
import { canonicalSchemaless } from './schemaless.ts'
import { structMaker } from './struct-maker.ts'
import { checkProperties, hasShape, structShape } from './struct-shape.ts'
import type { SchemaType, Struct, Value } from './value.ts'
import { isStruct } from './value-kind.ts'
import { inside, mapEntries, mapItems, mismatch, type Place } from './walk.ts'

type Canonical = (schema: Schema, value: unknown, place: Place) => Value

function requireSchema(schema: Schema | null, location: string): Schema {
  if (schema === null) throw new DataError(`No schema defined for ${location}`)
  return schema
}

/** Integers of up to 32 bits. Adding 0 makes 0 of -0, which is no integer. */
function integerBelow(limit: number): Canonical {
  return (schema, value, place) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit) return value + 0
    throw mismatch(schema, value, place)
  }
}

function longInteger(schema: Schema, value: unknown, place: Place): number | bigint {
  if (typeof value === 'bigint' && fitsInt64(value)) return int64(value)
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value + 0
    // Whatever digits it had beyond 2^53 are lost already: taking it would be rounding (I3).
    if (Number.isInteger(value)) throw mismatch(schema, value, place, '; an INT64 beyond 2^53 must be a bigint')
  }
  throw mismatch(schema, value, place)
}

function float(schema: Schema, value: unknown, place: Place): number {
  if (typeof value === 'number') {
    const rounded = Math.fround(value)
    if (Number.isFinite(rounded) || !Number.isFinite(value)) return rounded
  }
  throw mismatch(schema, value, place)
}

function double(schema: Schema, value: unknown, place: Place): number {
  if (typeof value === 'number') return value
  if (isFloat64(value)) return value.value
  throw mismatch(schema, value, place)
}

/** Values that have one form only. */
function only(isKind: (value: unknown) => value is Value): Canonical {
  return (schema, value, place) => {
    if (isKind(value)) return value
    throw mismatch(schema, value, place)
  }
}

function date(schema: Schema, value: unknown, place: Place): Date {
  if (!(value instanceof Date)) throw mismatch(schema, value, place)
  if (Number.isNaN(value.getTime())) throw mismatch(schema, value, place, '; it is no valid date')
  return value
}

function array(schema: Schema, value: unknown, place: Place): readonly Value[] {
  if (!Array.isArray(value)) throw mismatch(schema, value, place)
  const item = inside(place, `element of array ${place.location}`)
  const itemSchema = requireSchema(schema.valueSchema, item.location)
  return mapItems(value, (raw) => canonical(itemSchema, raw, item))
}

function map(schema: Schema, value: unknown, place: Place): ReadonlyMap<Value, Value> {
  if (!(value instanceof Map)) throw mismatch(schema, value, place)
  const key = inside(place, `key of map ${place.location}`)
  const item = inside(place, `value of map ${place.location}`)
  const keySchema = requireSchema(schema.keySchema, key.location)
  const itemSchema = requireSchema(schema.valueSchema, item.location)
  return mapEntries(value, place, {
    key: (raw) => canonical(keySchema, raw, key),
    value: (raw) => canonical(itemSchema, raw, item),
  })
}

interface FieldPlan {
  readonly name: string
  readonly schema: Schema
  readonly location: string
  readonly isCanonical: CanonicalCheck
  readonly hasDefault: boolean
}

const fieldPlans: (schema: Schema) => readonly FieldPlan[] = onSchema((schema) =>
  (schema.fields ?? []).map((field) => ({
    name: field.name,
    schema: field.schema,
    location: `field: "${field.name}"`,
    isCanonical: canonicalCheck(field.schema),
    hasDefault: field.schema.defaultValue !== null,
  })),
)

function struct(schema: Schema, value: unknown, place: Place): Struct {
  if (!isStruct(value as Value)) throw mismatch(schema, value, place)
  const source = value as Readonly<Record<string, unknown>>
  const shape = structShape(schema)
  checkProperties(source, shape)
  let changed = !hasShape(source, shape) || Object.getPrototypeOf(source) !== Object.prototype
  const values: Value[] = []
  for (const field of fieldPlans(schema)) {
    const raw = Object.hasOwn(source, field.name) ? source[field.name] : null
    const checked = canonicalField(field, raw, place)
    changed ||= !Object.is(checked, raw)
    values.push(checked)
  }
  return changed ? structMaker(schema).fromValues(values) : (source as Struct)
}

/** A required field that has a default may be null: reading it gives the default. */
function canonicalField(field: FieldPlan, raw: unknown, place: Place): Value {
  if (raw === null && field.hasDefault) return null
  return field.isCanonical(raw) ? (raw as Value) : canonical(field.schema, raw, inside(place, field.location))
}

const byType: Readonly<Record<SchemaType, Canonical>> = {
  INT8: integerBelow(2 ** 7),
  INT16: integerBelow(2 ** 15),
  INT32: integerBelow(2 ** 31),
  INT64: longInteger,
  FLOAT32: float,
  FLOAT64: double,
  BOOLEAN: only((value) => typeof value === 'boolean'),
  STRING: only((value) => typeof value === 'string'),
  BYTES: only((value) => value instanceof Uint8Array),
  ARRAY: array,
  MAP: map,
  STRUCT: struct,
}

/** A logical name says what the value is, whatever the type of the schema. */
const byName: ReadonlyMap<string | null, Canonical> = new Map<string, Canonical>([
  [LogicalName.decimal, only(isDecimal)],
  [LogicalName.date, date],
  [LogicalName.time, date],
  [LogicalName.timestamp, date],
])

function canonical(schema: Schema, value: unknown, place: Place): Value {
  if (value === null || value === undefined) {
    if (value === null && schema.optional) return null
    // Connect has no undefined; a value that was forgotten must not pass for one that is absent.
    const required = value === null ? 'required ' : ''
    throw new DataError(`Invalid value: ${value} used for ${required}${place.location}, schema type: ${schema.type}`)
  }
  return (byName.get(schema.name) ?? byType[schema.type])(schema, value, place)
}

/**
 * Checks that a value fits its schema, with Connect's messages, and brings it to the canonical form: INT64 and FLOAT32
 * as they are carried, structs with every field, in the shape of their maker. What is canonical already comes back as it
 * is, the same object. A null schema takes every schemaless value. `location` names the value in messages.
 */
export function validateValue(schema: Schema | null, value: Value, location = 'value'): Value {
  if (schema === null) return canonicalSchemaless(value, { location, depth: 0 })
  return canonicalCheck(schema)(value) ? value : canonical(schema, value, { location, depth: 0 })
}
