import {
  DataError,
  fitsInt64,
  isFloat64,
  javaClassOf,
  javaFloat,
  kindOf,
  perSchema,
  type Schema,
  type Struct,
  type Value,
} from '@sluice/api'
import { quoteJson } from './encode-json.ts'
import type { JsonOptions } from './json-options.ts'
import { logicalWriter } from './write-logical.ts'
import { base64Text, doubleText } from './write-schemaless.ts'

/** Writes the values of one schema as JSON text. */
export type WriteValue = (value: Value) => string

/** Compiles writers, once per schema. A value that does not fit its schema is a DataError with Connect's text. */
export function createWriters(options: JsonOptions): (schema: Schema) => WriteValue {
  const writerOf = perSchema((schema): WriteValue => {
    const writePresent = logicalWriter(schema, options) ?? presentWriter(schema, writerOf)
    const writeNull = nullWriter(schema, options, writePresent)
    return (value) => (value === null || value === undefined ? writeNull() : writePresent(value))
  })
  return writerOf
}

function nullWriter(schema: Schema, options: JsonOptions, writePresent: WriteValue): () => string {
  const { defaultValue, optional } = schema
  if (defaultValue !== null && options.replaceNullWithDefault) return () => writePresent(defaultValue)
  if (optional) return () => 'null'
  return () => {
    throw new DataError('Conversion error: null value for field that is required and has no default value')
  }
}

function presentWriter(schema: Schema, writerOf: (schema: Schema) => WriteValue): WriteValue {
  switch (schema.type) {
    case 'ARRAY':
      return arrayWriter(schema, writerOf)
    case 'MAP':
      return mapWriter(schema, writerOf)
    case 'STRUCT':
      return structWriter(schema, writerOf)
    default:
      return primitiveWriters[schema.type]
  }
}

const primitiveWriters = {
  INT8: (value: Value) =>
    typeof value === 'number' && (value << 24) >> 24 === value ? `${value}` : misfit('INT8', value),
  INT16: (value: Value) =>
    typeof value === 'number' && (value << 16) >> 16 === value ? `${value}` : misfit('INT16', value),
  INT32: (value: Value) => (typeof value === 'number' && (value | 0) === value ? `${value}` : misfit('INT32', value)),
  INT64: (value: Value) => (isInt64(value) ? `${value}` : misfit('INT64', value)),
  FLOAT32: (value: Value) => (typeof value === 'number' ? floatText(value) : misfit('FLOAT32', value)),
  FLOAT64: float64Text,
  BOOLEAN: (value: Value) => (typeof value === 'boolean' ? `${value}` : misfit('BOOLEAN', value)),
  STRING: (value: Value) => (typeof value === 'string' ? quoteJson(value) : misfit('STRING', value)),
  BYTES: (value: Value) => (value instanceof Uint8Array ? base64Text(value) : misfit('bytes type', value)),
}

function isInt64(value: Value): value is number | bigint {
  return typeof value === 'bigint' ? fitsInt64(value) : Number.isSafeInteger(value)
}

function floatText(value: number): string {
  const float = Math.fround(value)
  if (Number.isFinite(float)) return javaFloat(float)
  return Number.isFinite(value) ? misfit('FLOAT32', value) : `"${javaFloat(value)}"`
}

function float64Text(value: Value): string {
  if (typeof value === 'number') return doubleText(value)
  return isFloat64(value) ? doubleText(value.value) : misfit('FLOAT64', value)
}

function misfit(type: string, value: Value): never {
  throw new DataError(`Invalid type for ${type}: class ${javaClassOf(value)}`)
}

function arrayWriter(schema: Schema, writerOf: (schema: Schema) => WriteValue): WriteValue {
  const writeItem = writerOf(partOf(schema.valueSchema))
  return (value) => {
    if (!Array.isArray(value)) return misfit('ARRAY', value)
    const items = value as readonly Value[]
    let text = '['
    for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : ',') + writeItem(items[i] ?? null)
    return `${text}]`
  }
}

/** Text keys make an object, also when they are optional; any other keys an array of pairs. */
function mapWriter(schema: Schema, writerOf: (schema: Schema) => WriteValue): WriteValue {
  const keySchema = partOf(schema.keySchema)
  const writeKey = writerOf(keySchema)
  const writeItem = writerOf(partOf(schema.valueSchema))
  const isObject = keySchema.type === 'STRING'
  const [open, close] = isObject ? '{}' : '[]'
  const entryText = isObject
    ? (key: Value, value: Value) => `${textKey(writeKey(key))}:${writeItem(value)}`
    : (key: Value, value: Value) => `[${writeKey(key)},${writeItem(value)}]`
  return (value) => {
    if (!(value instanceof Map)) return misfit('MAP', value)
    const map = value as ReadonlyMap<Value, Value>
    return `${open}${Array.from(map, ([key, item]) => entryText(key, item)).join(',')}${close}`
  }
}

/** A key of an object is a string, whatever the key was written as: a null key reads `"null"`. */
function textKey(text: string): string {
  return text.startsWith('"') ? text : `"${text}"`
}

function partOf(schema: Schema | null): Schema {
  if (schema === null) throw new DataError('Writing JSON: the schema of an array or map lacks the schema of its parts.')
  return schema
}

interface FieldWriter {
  readonly name: string
  /** The name as a JSON key, with the comma that it needs after a field before it. */
  readonly key: string
  readonly write: WriteValue
  /** The name is one that every object inherits something under. */
  readonly isInherited: boolean
}

function structWriter(schema: Schema, writerOf: (schema: Schema) => WriteValue): WriteValue {
  const fields = (schema.fields ?? []).map(({ name, schema: fieldSchema }, index): FieldWriter => {
    const key = `${index === 0 ? '' : ','}${quoteJson(name)}:`
    return { name, key, write: writerOf(fieldSchema), isInherited: name in Object.prototype }
  })
  return (value) => {
    if (kindOf(value) !== 'struct') return misfit('STRUCT', value)
    const struct = value as Struct
    let text = '{'
    let missing = 0
    for (const { name, key, write, isInherited } of fields) {
      const item = isInherited && !Object.hasOwn(struct, name) ? undefined : struct[name]
      if (item === undefined) missing++
      text += key + write(item ?? null)
    }
    // A struct with a member that is no field was made for another schema. I3: nothing is left out unsaid.
    if (countMembers(struct) > fields.length - missing) throw new DataError('Mismatching schema.')
    return `${text}}`
  }
}

function countMembers(struct: Struct): number {
  let members = 0
  for (const _ in struct) members++
  return members
}
