import { base64 } from './base64.ts'
import { checkDepth } from './depth.ts'
import type { Float64 } from './float64.ts'
import { javaDate } from './java-date.ts'
import { javaDouble, javaFloat } from './java-number.ts'
import type { Schema } from './schema.ts'
import type { Struct, Value } from './value.ts'
import { kindOf } from './value-kind.ts'

function structText(struct: Struct, schema: Schema, depth: number): string {
  let text = ''
  for (const field of schema.fields ?? []) {
    const value = Object.hasOwn(struct, field.name) ? struct[field.name] : null
    if (value === null || value === undefined) continue
    text += `${text === '' ? '' : ','}${field.name}=${textOf(value, field.schema, depth + 1)}`
  }
  return `Struct{${text}}`
}

function objectText(object: Struct, depth: number): string {
  const entries = Object.keys(object).map((name) => `${name}=${textOf(object[name] ?? null, null, depth + 1)}`)
  return `{${entries.join(', ')}}`
}

function mapText(map: ReadonlyMap<Value, Value>, schema: Schema | null, depth: number): string {
  const entries: string[] = []
  for (const [key, value] of map) {
    const keyText = textOf(key, schema?.keySchema ?? null, depth + 1)
    entries.push(`${keyText}=${textOf(value, schema?.valueSchema ?? null, depth + 1)}`)
  }
  return `{${entries.join(', ')}}`
}

function arrayText(items: readonly Value[], schema: Schema | null, depth: number): string {
  return `[${items.map((item) => textOf(item, schema?.valueSchema ?? null, depth + 1)).join(', ')}]`
}

function numberText(value: number | bigint | Float64, schema: Schema | null): string {
  if (schema?.type === 'FLOAT32') return javaFloat(Number(value))
  const isDouble = schema?.type === 'FLOAT64' || kindOf(value) === 'double'
  return isDouble ? javaDouble(Number(value)) : String(value)
}

function textOf(value: Value, schema: Schema | null, depth: number): string {
  checkDepth(depth)
  switch (kindOf(value)) {
    case 'integer':
    case 'double':
      return numberText(value as number | bigint | Float64, schema)
    case 'bytes':
      return base64(value as Uint8Array)
    case 'date':
      return javaDate(value as Date)
    case 'array':
      return arrayText(value as readonly Value[], schema, depth)
    case 'map':
      return mapText(value as ReadonlyMap<Value, Value>, schema, depth)
    case 'struct':
      return schema?.type === 'STRUCT' ? structText(value as Struct, schema, depth) : objectText(value as Struct, depth)
    default:
      return String(value)
  }
}

/**
 * The text that Java's `toString` gives for a value, as string converters and the file sink write it:
 * `Struct{a=x,b=1}` with null fields left out, `{k=1, z=q}`, `[1, 2]`, `1.0E7`, `Tue Nov 14 22:13:20 UTC 2023`.
 * The schema tells floats from integers and structs from maps. Bytes are written as base64, where Java prints an object id.
 */
export function javaText(value: Value, schema: Schema | null = null): string {
  return typeof value === 'string' ? value : textOf(value, schema, 0)
}
