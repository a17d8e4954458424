import type { Decimal } from './decimal.ts'
import { checkDepth } from './depth.ts'
import type { Struct, Value } from './value.ts'
import { valueKey } from './value-key.ts'
import { kindOf } from './value-kind.ts'

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function equalArrays(a: readonly Value[], b: readonly Value[], depth: number): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i], depth + 1)) return false
  return true
}

function equalStructs(a: Struct, b: Struct, depth: number): boolean {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  for (const name of names) if (!Object.hasOwn(b, name) || !equal(a[name], b[name], depth + 1)) return false
  return true
}

function equalMaps(a: ReadonlyMap<Value, Value>, b: ReadonlyMap<Value, Value>, depth: number): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) {
    // A key that the Map itself does not find may still be there by content: bytes, 5n for 5, structs.
    if (!b.has(key)) return valueKey(a) === valueKey(b)
    if (!equal(value, b.get(key), depth + 1)) return false
  }
  return true
}

function equal(a: Value | undefined, b: Value | undefined, depth: number): boolean {
  if (a === b) return a !== 0 || Object.is(a, b)
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return false
  checkDepth(depth)
  switch (kind) {
    case 'integer':
      // Two numbers would have been identical, so at least one is a bigint.
      return BigInt(a as number | bigint) === BigInt(b as number | bigint)
    case 'double':
      return Object.is(Number(a), Number(b))
    case 'decimal':
      return (a as Decimal).unscaled === (b as Decimal).unscaled && (a as Decimal).scale === (b as Decimal).scale
    case 'bytes':
      return equalBytes(a as Uint8Array, b as Uint8Array)
    case 'date':
      return Object.is((a as Date).getTime(), (b as Date).getTime())
    case 'array':
      return equalArrays(a as readonly Value[], b as readonly Value[], depth)
    case 'map':
      return equalMaps(a as ReadonlyMap<Value, Value>, b as ReadonlyMap<Value, Value>, depth)
    case 'struct':
      return equalStructs(a as Struct, b as Struct, depth)
    default:
      return false
  }
}

/**
 * True when the two are the same value, as Java's equals would say of Connect's data: by content, both forms of an
 * INT64 equal, NaN equal to itself, -0.0 not to 0.0, decimals by value and scale, maps and structs whatever their order.
 */
export function equalValues(a: Value, b: Value): boolean {
  return equal(a, b, 0)
}
