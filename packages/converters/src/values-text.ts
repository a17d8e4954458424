import { DataError, fieldValue, javaClassOf, javaText, kindOf, type Schema, type Struct, type Value } from '@sluice/api'
import { bufferOf } from './buffer-of.ts'

/**
 * The text that Connect's `Values.convertToString` gives: a string as it is, numbers as Java prints them, bytes in
 * base64; in arrays and maps, which look like JSON, strings and bytes are quoted and dates are not.
 */
export function valuesText(value: Value, schema: Schema | null): string {
  return typeof value === 'string' ? value : textOf(value, schema, false)
}

function textOf(value: Value, schema: Schema | null, isNested: boolean): string {
  switch (kindOf(value)) {
    case 'string':
      return quoted(value as string)
    case 'bytes': {
      const text = bufferOf(value as Uint8Array).toString('base64')
      return isNested ? quoted(text) : text
    }
    case 'date':
      return dateText(value as Date)
    case 'array':
      return `[${(value as readonly Value[]).map((item) => textOf(item, schema?.valueSchema ?? null, true)).join(',')}]`
    case 'map':
      return mapText(value as ReadonlyMap<Value, Value>, schema)
    case 'struct':
      return structText(value as Struct, schema)
    case 'none':
      throw new DataError(`Failed to serialize unexpected value type ${javaClassOf(value)}`)
    default:
      return javaText(value, schema)
  }
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

function mapText(map: ReadonlyMap<Value, Value>, schema: Schema | null): string {
  const entries = Array.from(map, ([key, value]) => {
    return `${textOf(key, schema?.keySchema ?? null, true)}:${textOf(value, schema?.valueSchema ?? null, true)}`
  })
  return `{${entries.join(',')}}`
}

/** A struct writes every field of its schema, its default for null; without a schema a plain object is a map. */
function structText(struct: Struct, schema: Schema | null): string {
  const fields = schema?.fields ?? null
  const entries =
    schema === null || fields === null
      ? Object.entries(struct).map(([name, value]) => `${quoted(name)}:${textOf(value, null, true)}`)
      : fields.map(({ name, schema: of }) => `${quoted(name)}:${textOf(fieldValue(schema, struct, name), of, true)}`)
  return `{${entries.join(',')}}`
}

const dayMs = 86_400_000

/** Java picks the format by the value, whatever the schema: a time within the first day or before it, a date, a timestamp. */
function dateText(date: Date): string {
  const ms = date.getTime()
  if (Number.isNaN(ms)) throw new DataError('Writing a header: found an invalid date.')
  const iso = date.toISOString()
  if (ms < dayMs) return iso.slice(-13)
  return ms % dayMs === 0 ? iso.slice(0, iso.indexOf('T')) : iso
}
