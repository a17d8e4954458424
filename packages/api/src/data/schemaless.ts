import { DataError } from '../errors/connect-error.ts'
import type { Float64 } from './float64.ts'
import { int64 } from './int64.ts'
import { javaClassOf } from './java-class.ts'
import type { Struct, Value } from './value.ts'
import { isIntegerNumber, kindOf } from './value-kind.ts'
import { inside, mapEntries, mapItems, type Place } from './walk.ts'

function canonicalDouble(value: number | Float64): number | Float64 {
  return typeof value === 'number' || isIntegerNumber(value.value) ? value : value.value
}

function canonicalMap(map: ReadonlyMap<unknown, unknown>, place: Place): ReadonlyMap<Value, Value> {
  const key = inside(place, `key of map ${place.location}`)
  const item = inside(place, `value of map ${place.location}`)
  return mapEntries(map, place, {
    key: (raw) => canonicalSchemaless(raw, key),
    value: (raw) => canonicalSchemaless(raw, item),
  })
}

function canonicalObject(source: Readonly<Record<string, unknown>>, place: Place): Struct {
  const item = inside(place, `value of map ${place.location}`)
  const entries: [string, Value][] = []
  let changed = false
  for (const name of Object.keys(source)) {
    const value = canonicalSchemaless(source[name], item)
    changed ||= !Object.is(value, source[name])
    entries.push([name, value])
  }
  // Object.fromEntries makes own properties, also of `__proto__`.
  return changed ? Object.fromEntries(entries) : (source as Struct)
}

/** The canonical form of a value without a schema; a DataError for what is no value, undefined included. */
export function canonicalSchemaless(value: unknown, place: Place): Value {
  switch (kindOf(value as Value)) {
    case 'integer':
      return typeof value === 'bigint' ? int64(value) : (value as number)
    case 'double':
      return canonicalDouble(value as number | Float64)
    case 'array': {
      const item = inside(place, `element of array ${place.location}`)
      return mapItems(value as readonly unknown[], (raw) => canonicalSchemaless(raw, item))
    }
    case 'map':
      return canonicalMap(value as ReadonlyMap<unknown, unknown>, place)
    case 'struct':
      return canonicalObject(value as Readonly<Record<string, unknown>>, place)
    case 'none': {
      const found = value === undefined ? 'undefined' : `class ${javaClassOf(value)}`
      throw new DataError(`Invalid value: ${found} used for ${place.location}`)
    }
    default:
      return value as Value
  }
}
