import { DataError } from '../errors/connect-error.ts'
import { base64 } from './base64.ts'
import { javaDouble, javaFloat } from './java-number.ts'
import { LogicalName } from './logical-name.ts'
import { onSchema } from './per-schema.ts'
import type { Schema } from './schema.ts'
import type { Struct, Value } from './value.ts'
import { kindOf } from './value-kind.ts'

/** An array or object that is being written. Kept on a list, not on the call stack: depth costs nothing. */
interface Open {
  /** Property names, quoted; null in an array. */
  readonly names: readonly string[] | null
  readonly values: readonly Value[]
  /** One schema for all values, or a list that is gone through in turn. */
  readonly schemas: Schema | null | readonly (Schema | null)[]
  readonly end: string
  next: number
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function numberText(value: number, schema: Schema | null): string {
  const text = schema?.type === 'FLOAT32' ? javaFloat(value) : javaDouble(value)
  // JSON has no such numbers; Connect writes their names as text.
  return Number.isFinite(value) ? text : quoted(text)
}

function dateText(date: Date, schema: Schema | null): string {
  if (Number.isNaN(date.getTime())) throw new DataError('Writing JSON: a date of the value is no valid date.')
  const text = date.toISOString()
  if (schema?.name === LogicalName.date) return quoted(text.slice(0, text.indexOf('T')))
  return quoted(schema?.name === LogicalName.time ? text.slice(text.indexOf('T') + 1) : text)
}

/** The text of what is no array or object; null for those. */
function scalarText(value: Value | undefined, schema: Schema | null): string | null {
  switch (kindOf(value)) {
    case 'integer': {
      const isFloat = schema !== null && (schema.type === 'FLOAT64' || schema.type === 'FLOAT32')
      return isFloat ? numberText(Number(value), schema) : String(value)
    }
    case 'double':
      return numberText(Number(value), schema)
    case 'string':
      return quoted(value as string)
    case 'bytes':
      return quoted(base64(value as Uint8Array))
    case 'date':
      return dateText(value as Date, schema)
    case 'array':
    case 'map':
    case 'struct':
      return null
    case 'none':
      throw new DataError('Writing JSON: the value holds something that is no value of a record.')
    default:
      return String(value)
  }
}

interface StructShape {
  readonly names: readonly string[]
  readonly quoted: readonly string[]
  readonly schemas: readonly Schema[]
}

const shapeOf: (schema: Schema) => StructShape = onSchema((schema) => {
  const fields = schema.fields ?? []
  const names = fields.map((field) => field.name)
  return { names, quoted: names.map(quoted), schemas: fields.map((field) => field.schema) }
})

function openStruct(struct: Struct, schema: Schema | null): Open {
  if (schema === null || schema.fields === null) {
    const names = Object.keys(struct)
    return {
      names: names.map(quoted),
      values: names.map((name) => struct[name] ?? null),
      schemas: null,
      end: '}',
      next: 0,
    }
  }
  const { names, quoted: quotedNames, schemas } = shapeOf(schema)
  const values = names.map((name) => (Object.hasOwn(struct, name) ? struct[name] : null) ?? null)
  return { names: quotedNames, values, schemas, end: '}', next: 0 }
}

/** With text keys an object, otherwise a list of pairs, as Connect's JSON has it. */
function openMap(map: ReadonlyMap<Value, Value>, schema: Schema | null): Open {
  const keys = [...map.keys()]
  const keySchema = schema?.keySchema ?? null
  const valueSchema = schema?.valueSchema ?? null
  const isObject =
    keySchema === null
      ? keys.every((key) => typeof key === 'string')
      : keySchema.type === 'STRING' && !keySchema.optional
  if (isObject) {
    const names = keys.map((key) => quoted(String(key)))
    return { names, values: [...map.values()], schemas: valueSchema, end: '}', next: 0 }
  }
  const end = map.size === 0 ? ']' : ']]'
  return { names: null, values: [...map].flat(), schemas: [keySchema, valueSchema], end, next: 0 }
}

function open(value: Value, schema: Schema | null): Open {
  if (value instanceof Map) return openMap(value, schema)
  if (!Array.isArray(value)) return openStruct(value as Struct, schema)
  return { names: null, values: value as readonly Value[], schemas: schema?.valueSchema ?? null, end: ']', next: 0 }
}

/** What stands before the next value of an array or object. */
function before({ names, next, end }: Open): string {
  if (names !== null) return `${next === 0 ? '' : ','}${names[next] ?? ''}:`
  if (end === ']') return next === 0 ? '' : ','
  if (next % 2 === 1) return ','
  return next === 0 ? '[' : '],['
}

function schemaOfNext({ schemas, next }: Open): Schema | null {
  return isList(schemas) ? (schemas[next % schemas.length] ?? null) : schemas
}

function isList(schemas: Open['schemas']): schemas is readonly (Schema | null)[] {
  return Array.isArray(schemas)
}

/**
 * The JSON text of a value. No integer is rounded and a float stays a float (10.0), decimals are exact numbers, bytes
 * base64, dates ISO 8601 (a Date its day, a Time its time of day), NaN and the infinities their names as text. Fields
 * come in the order of the schema, null where absent; maps whose keys are no text are lists of pairs.
 */
export function toJson(value: Value, schema: Schema | null = null): string {
  const scalar = scalarText(value, schema)
  if (scalar !== null) return scalar
  const outer: Open[] = []
  let list = open(value, schema)
  let text = list.names === null ? '[' : '{'
  for (;;) {
    if (list.next === list.values.length) {
      text += list.end
      const parent = outer.pop()
      if (parent === undefined) return text
      list = parent
      continue
    }
    text += before(list)
    const item = list.values[list.next]
    const itemSchema = schemaOfNext(list)
    list.next++
    const itemText = scalarText(item, itemSchema)
    if (itemText !== null) {
      text += itemText
      continue
    }
    outer.push(list)
    list = open(item ?? null, itemSchema)
    text += list.names === null ? '[' : '{'
  }
}
