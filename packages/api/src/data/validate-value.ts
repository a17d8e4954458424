import { DataError } from '../errors/connect-error.ts'
import { canonicalCheck } from './canonical-check.ts'
import { isDecimal } from './decimal.ts'
import { checkDepth } from './depth.ts'
import { isFloat64 } from './float64.ts'
import { fitsInt64, int64 } from './int64.ts'
import { javaClassOf } from './java-class.ts'
import { LogicalName } from './logical-name.ts'
import type { Schema } from './schema.ts'
import { enumerationOrder, structMaker } from './struct-maker.ts'
import type { Struct, Value } from './value.ts'
import { isStruct, kindOf } from './value-kind.ts'

/** Where a value stands, and how deep: `value`, `field: "a"`, `element of array value`. */
interface Place {
  readonly location: string
  readonly depth: number
}

function inside(place: Place, location: string): Place {
  checkDepth(place.depth)
  return { location, depth: place.depth + 1 }
}

function mismatch(schema: Schema, value: unknown, place: Place, hint = ''): DataError {
  const name = schema.name === null ? '' : ` "${schema.name}"`
  const found = `class ${javaClassOf(value)} for ${place.location}${hint}`
  return new DataError(`Invalid Java object for schema${name} with type ${schema.type}: ${found}`)
}

function requireSchema(schema: Schema | null, location: string): Schema {
  if (schema === null) throw new DataError(`No schema defined for ${location}`)
  return schema
}

function smallInteger(schema: Schema, value: unknown, place: Place, limit: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit) return value + 0
  throw mismatch(schema, value, place)
}

function longInteger(schema: Schema, value: unknown, place: Place): number | bigint {
  if (typeof value === 'bigint' && fitsInt64(value)) return int64(value)
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value + 0
    if (Number.isInteger(value)) throw mismatch(schema, value, place, '; beyond 2^53 an INT64 must be a bigint')
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

function date(schema: Schema, value: unknown, place: Place): Date {
  if (!(value instanceof Date)) throw mismatch(schema, value, place)
  if (Number.isNaN(value.getTime())) throw mismatch(schema, value, place, '; it is no valid date')
  return value
}

function array(schema: Schema, value: unknown, place: Place): readonly Value[] {
  if (!Array.isArray(value)) throw mismatch(schema, value, place)
  const entry = inside(place, `element of array ${place.location}`)
  const entrySchema = requireSchema(schema.valueSchema, entry.location)
  return mapItems(value, (item) => canonical(entrySchema, item, entry))
}

/** Maps an array, and gives it back itself when nothing changed. */
function mapItems(items: readonly unknown[], map: (item: unknown) => Value): readonly Value[] {
  let changed: Value[] | null = null
  for (let i = 0; i < items.length; i++) {
    const item = map(items[i])
    if (changed === null && !Object.is(item, items[i])) changed = items.slice(0, i) as Value[]
    changed?.push(item)
  }
  return changed ?? (items as readonly Value[])
}

function map(schema: Schema, value: unknown, place: Place): ReadonlyMap<Value, Value> {
  if (!(value instanceof Map)) throw mismatch(schema, value, place)
  const key = inside(place, `key of map ${place.location}`)
  const item = inside(place, `value of map ${place.location}`)
  const keySchema = requireSchema(schema.keySchema, key.location)
  const valueSchema = requireSchema(schema.valueSchema, item.location)
  return mapEntries(
    value,
    (k) => canonical(keySchema, k, key),
    (v) => canonical(valueSchema, v, item),
    place,
  )
}

function mapEntries(
  entries: ReadonlyMap<unknown, unknown>,
  mapKey: (key: unknown) => Value,
  mapValue: (value: unknown) => Value,
  place: Place,
): ReadonlyMap<Value, Value> {
  const mapped = new Map<Value, Value>()
  let changed = false
  for (const [key, value] of entries) {
    const [newKey, newValue] = [mapKey(key), mapValue(value)]
    changed ||= !Object.is(newKey, key) || !Object.is(newValue, value)
    mapped.set(newKey, newValue)
  }
  // 5 and 5n are two keys to JavaScript and one to Connect: neither value may be dropped unseen (I3).
  if (mapped.size !== entries.size)
    throw new DataError(`Invalid map: two of its keys are the same for ${place.location}`)
  return changed ? mapped : (entries as ReadonlyMap<Value, Value>)
}

function struct(schema: Schema, value: unknown, place: Place): Struct {
  if (!isStruct(value as Value)) throw mismatch(schema, value, place)
  const source = value as Readonly<Record<string, unknown>>
  const fields = schema.fields ?? []
  for (const name of Object.keys(source)) {
    if (schema.field(name) === undefined) throw new DataError(`${name} is not a valid field name`)
  }
  let changed = Object.getPrototypeOf(source) !== Object.prototype
  const values: Value[] = []
  for (const field of fields) {
    const own = Object.hasOwn(source, field.name)
    const raw = own ? source[field.name] : null
    const checked =
      raw === null && field.schema.defaultValue !== null
        ? null
        : canonical(field.schema, raw, inside(place, `field: "${field.name}"`))
    changed ||= !own || !Object.is(checked, raw)
    values.push(checked)
  }
  if (
    !changed &&
    isInOrder(
      source,
      fields.map((field) => field.name),
    )
  )
    return source as Struct
  return structMaker(schema).fromValues(values)
}

function isInOrder(source: object, names: readonly string[]): boolean {
  const order = enumerationOrder(names)
  return Object.keys(source).every((name, index) => name === order[index])
}

function canonical(schema: Schema, value: unknown, place: Place): Value {
  if (value === null || value === undefined) {
    if (value === null && schema.optional) return null
    // Connect has no undefined; a value that was forgotten must not pass for one that is absent.
    const required = value === null ? 'required ' : ''
    throw new DataError(`Invalid value: ${value} used for ${required}${place.location}, schema type: ${schema.type}`)
  }
  switch (schema.name) {
    case LogicalName.decimal:
      if (isDecimal(value)) return value
      throw mismatch(schema, value, place)
    case LogicalName.date:
    case LogicalName.time:
    case LogicalName.timestamp:
      return date(schema, value, place)
    default:
      return canonicalOfType(schema, value, place)
  }
}

function canonicalOfType(schema: Schema, value: unknown, place: Place): Value {
  switch (schema.type) {
    case 'INT8':
      return smallInteger(schema, value, place, 2 ** 7)
    case 'INT16':
      return smallInteger(schema, value, place, 2 ** 15)
    case 'INT32':
      return smallInteger(schema, value, place, 2 ** 31)
    case 'INT64':
      return longInteger(schema, value, place)
    case 'FLOAT32':
      return float(schema, value, place)
    case 'FLOAT64':
      return double(schema, value, place)
    case 'BOOLEAN':
      if (typeof value === 'boolean') return value
      break
    case 'STRING':
      if (typeof value === 'string') return value
      break
    case 'BYTES':
      if (value instanceof Uint8Array) return value
      break
    case 'ARRAY':
      return array(schema, value, place)
    case 'MAP':
      return map(schema, value, place)
    case 'STRUCT':
      return struct(schema, value, place)
  }
  throw mismatch(schema, value, place)
}

function canonicalSchemaless(value: unknown, place: Place): Value {
  const kind = kindOf(value as Value)
  switch (kind) {
    case 'none':
      throw new DataError(
        `Invalid value: ${value === undefined ? 'undefined' : `class ${javaClassOf(value)}`} used for ${place.location}`,
      )
    case 'integer':
      return typeof value === 'bigint' ? int64(value) : (value as number)
    case 'double':
      return isFloat64(value) && !Number.isSafeInteger(value.value) ? value.value : (value as Value)
    case 'array': {
      const entry = inside(place, `element of array ${place.location}`)
      return mapItems(value as readonly unknown[], (item) => canonicalSchemaless(item, entry))
    }
    case 'map': {
      const key = inside(place, `key of map ${place.location}`)
      const item = inside(place, `value of map ${place.location}`)
      return mapEntries(
        value as ReadonlyMap<unknown, unknown>,
        (k) => canonicalSchemaless(k, key),
        (v) => canonicalSchemaless(v, item),
        place,
      )
    }
    case 'struct':
      return schemalessObject(
        value as Readonly<Record<string, unknown>>,
        inside(place, `value of map ${place.location}`),
      )
    default:
      return value as Value
  }
}

function schemalessObject(source: Readonly<Record<string, unknown>>, place: Place): Struct {
  const names = Object.keys(source)
  const values = names.map((name) => canonicalSchemaless(source[name], place))
  if (values.every((value, index) => Object.is(value, source[names[index] ?? '']))) return source as Struct
  // Object.fromEntries defines own properties, `__proto__` too.
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))
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
