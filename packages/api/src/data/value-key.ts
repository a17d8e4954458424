import { DataError } from '../errors/connect-error.ts'
import type { Decimal } from './decimal.ts'
import { checkDepth } from './depth.ts'
import { javaClassOf } from './java-class.ts'
import type { Struct, Value } from './value.ts'
import { kindOf } from './value-kind.ts'

/** Writes -0 apart from 0, as Java's Double.equals tells them apart. */
function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function bytesText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function mapKey(map: ReadonlyMap<Value, Value>, depth: number): string {
  checkDepth(depth)
  const entries: string[] = []
  for (const [key, value] of map) entries.push(keyOf(key, depth + 1) + keyOf(value, depth + 1))
  return `(${entries.toSorted().join('')})`
}

function structKey(struct: Struct, depth: number): string {
  checkDepth(depth)
  const entries: string[] = []
  for (const name of Object.keys(struct)) entries.push(`${name.length}:${name}${keyOf(struct[name], depth + 1)}`)
  return `{${entries.toSorted().join('')}}`
}

function arrayKey(items: readonly Value[], depth: number): string {
  checkDepth(depth)
  let text = '['
  for (const item of items) text += keyOf(item, depth + 1)
  return `${text}]`
}

function scalarKey(value: Value | undefined): string {
  switch (kindOf(value)) {
    case 'null':
      return 'n'
    case 'boolean':
      return value === true ? 't' : 'f'
    case 'integer':
      return `i${String(value)};`
    case 'double':
      return `d${doubleText(Number(value))};`
    case 'decimal':
      return `m${(value as Decimal).unscaled}/${(value as Decimal).scale};`
    case 'string':
      return `s${(value as string).length}:${value as string}`
    case 'bytes':
      return `b${(value as Uint8Array).length}:${bytesText(value as Uint8Array)}`
    case 'date':
      return `u${(value as Date).getTime()};`
    default:
      throw new DataError(`Making a key of a value: found class ${javaClassOf(value)}, which is no value.`)
  }
}

/** Every text ends where its own beginning says, so that texts can stand in a row without being taken for others. */
function keyOf(value: Value | undefined, depth: number): string {
  switch (kindOf(value)) {
    case 'array':
      return arrayKey(value as readonly Value[], depth)
    case 'map':
      return mapKey(value as ReadonlyMap<Value, Value>, depth)
    case 'struct':
      return structKey(value as Struct, depth)
    default:
      return scalarKey(value)
  }
}

/**
 * A text that is the same for two values exactly when `equalValues` holds: what a `Map` or `Set` needs to find values
 * by content. 5 and 5n give the same key; so do equal bytes, decimals, structs and maps, whatever their order.
 */
export function valueKey(value: Value): string {
  return keyOf(value, 0)
}
