import { compareNumbers, type NumericValue } from './compare-numbers.ts'
import type { Decimal } from './decimal.ts'
import { checkDepth } from './depth.ts'
import type { Struct, Value } from './value.ts'
import { kindOf, type ValueKind } from './value-kind.ts'

/** Kinds in their order; the three kinds of numbers stand together. */
const rankOf: Readonly<Record<ValueKind, number>> = {
  null: 0,
  boolean: 1,
  integer: 2,
  double: 2,
  decimal: 2,
  string: 3,
  bytes: 4,
  date: 5,
  array: 6,
  map: 7,
  struct: 8,
  none: 9,
}

const numericRank: readonly ValueKind[] = ['integer', 'double', 'decimal']

function order<T extends string | number | boolean | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Equal magnitudes are told apart by kind, sign of zero and scale, so that only equal values compare as 0. */
function compareNumeric(a: NumericValue, b: NumericValue, kinds: readonly [ValueKind, ValueKind]): number {
  const byMagnitude = compareNumbers(a, b)
  if (byMagnitude !== 0) return byMagnitude
  const [left, right] = kinds
  if (left !== right) return order(numericRank.indexOf(left), numericRank.indexOf(right))
  if (left === 'decimal') return order((a as Decimal).scale, (b as Decimal).scale)
  return left === 'double' ? Number(Object.is(Number(b), -0)) - Number(Object.is(Number(a), -0)) : 0
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const apart = (a[i] ?? 0) - (b[i] ?? 0)
    if (apart !== 0) return apart < 0 ? -1 : 1
  }
  return order(a.length, b.length)
}

function compareLists(a: readonly Value[], b: readonly Value[], depth: number): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const compared = compare(a[i], b[i], depth + 1)
    if (compared !== 0) return compared
  }
  return order(a.length, b.length)
}

/** Keys and values of a map in turn, by key. */
function sortedEntries(map: ReadonlyMap<Value, Value>, depth: number): readonly Value[] {
  return [...map].sort((a, b) => compare(a[0], b[0], depth + 1) || compare(a[1], b[1], depth + 1)).flat()
}

/** Names and values of a struct in turn, by name. */
function sortedFields(struct: Struct): readonly Value[] {
  return Object.keys(struct)
    .sort()
    .flatMap((name) => [name, struct[name] ?? null])
}

function compareSameRank(a: Value, b: Value, kinds: readonly [ValueKind, ValueKind], depth: number): number {
  switch (kinds[0]) {
    case 'boolean':
      return order(a as boolean, b as boolean)
    case 'string':
      return order(a as string, b as string)
    case 'bytes':
      return compareBytes(a as Uint8Array, b as Uint8Array)
    case 'date':
      return compareNumbers((a as Date).getTime(), (b as Date).getTime())
    case 'array':
      return compareLists(a as readonly Value[], b as readonly Value[], depth)
    case 'map':
      return compareLists(
        sortedEntries(a as ReadonlyMap<Value, Value>, depth),
        sortedEntries(b as ReadonlyMap<Value, Value>, depth),
        depth,
      )
    case 'struct':
      return compareLists(sortedFields(a as Struct), sortedFields(b as Struct), depth)
    case 'integer':
    case 'double':
    case 'decimal':
      return compareNumeric(a as NumericValue, b as NumericValue, kinds)
    default:
      return 0
  }
}

function compare(a: Value | undefined, b: Value | undefined, depth: number): number {
  if (a === b && a !== 0) return 0
  checkDepth(depth)
  const kinds = [kindOf(a), kindOf(b)] as const
  const [left, right] = [rankOf[kinds[0]], rankOf[kinds[1]]]
  if (left !== right) return order(left, right)
  return compareSameRank(a ?? null, b ?? null, kinds, depth)
}

/**
 * A total order over all values, 0 exactly when `equalValues` holds. Numbers of every kind by exact magnitude, text by
 * UTF-16 units as Java's compareTo, bytes unsigned, arrays item by item, maps and structs by their sorted entries;
 * null first, then booleans, numbers, text, bytes, dates, arrays, maps, structs.
 */
export function compareValues(a: Value, b: Value): number {
  return compare(a, b, 0)
}
