import { DataError, fitsInt64, javaClassOf, javaDouble, kindOf, type Struct, type Value } from '@sluice/api'
import { bufferOf } from '../buffer-of.ts'
import { quoteJson } from './encode-json.ts'
import { maxDepth } from './parse-json.ts'

/** A value without a schema as JSON text; the kind of each part is told by its form. */
export function writeSchemaless(value: Value): string {
  return write(value, 0)
}

function write(value: Value, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoteJson(value)
    case 'number':
      return kindOf(value) === 'integer' ? String(value) : doubleText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return fitsInt64(value) ? String(value) : refuse(value)
    default:
      return value === null ? 'null' : writeObject(value, depth)
  }
}

function writeObject(value: Value, depth: number): string {
  if (depth > maxDepth) throw new DataError(`Writing JSON: found values nested deeper than ${maxDepth} levels.`)
  switch (kindOf(value)) {
    case 'struct':
      return writePlainObject(value as Struct, depth)
    case 'array':
      return writeArray(value as readonly Value[], depth)
    case 'map':
      return writeMap(value as ReadonlyMap<Value, Value>, depth)
    case 'bytes':
      return base64Text(value as Uint8Array)
    case 'double':
      return doubleText(Number(value))
    default:
      return refuse(value)
  }
}

function writePlainObject(object: Struct, depth: number): string {
  let text = ''
  for (const key of Object.keys(object)) {
    const member = `${quoteJson(key)}:${write(object[key] ?? null, depth + 1)}`
    text += text === '' ? member : `,${member}`
  }
  return `{${text}}`
}

function writeArray(items: readonly Value[], depth: number): string {
  let text = '['
  for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : ',') + write(items[i] ?? null, depth + 1)
  return `${text}]`
}

/** A map with text keys is an object, any other an array of pairs. */
function writeMap(map: ReadonlyMap<Value, Value>, depth: number): string {
  const entries = [...map]
  if (isTextKeyed(entries)) return writeEntries(entries, depth)
  const pairs = entries.map(([key, value]) => `[${write(key, depth + 1)},${write(value, depth + 1)}]`)
  return `[${pairs.join(',')}]`
}

function isTextKeyed(entries: readonly (readonly [Value, Value])[]): entries is readonly (readonly [string, Value])[] {
  return entries.every(([key]) => typeof key === 'string')
}

function writeEntries(entries: readonly (readonly [string, Value])[], depth: number): string {
  return `{${entries.map(([key, value]) => `${quoteJson(key)}:${write(value, depth + 1)}`).join(',')}}`
}

function refuse(value: Value): never {
  throw new DataError(`Java class class ${javaClassOf(value)} does not have corresponding schema type.`)
}

/** A FLOAT64 as Java writes it; what JSON has no number for is a string. */
export function doubleText(value: number): string {
  return Number.isFinite(value) ? javaDouble(value) : `"${javaDouble(value)}"`
}

/** Bytes as a base64 string. */
export function base64Text(bytes: Uint8Array): string {
  return `"${bufferOf(bytes).toString('base64')}"`
}
