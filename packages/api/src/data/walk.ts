import { DataError } from '../errors/connect-error.ts'
import { checkDepth } from './depth.ts'
import { javaClassOf } from './java-class.ts'
import type { Schema } from './schema.ts'
import type { Value } from './value.ts'

/** Where a value stands, and how deep: `value`, `field: "a"`, `element of array value`. */
export interface Place {
  readonly location: string
  readonly depth: number
}

/** A place one level further in. */
export function inside(place: Place, location: string): Place {
  checkDepth(place.depth + 1)
  return { location, depth: place.depth + 1 }
}

/** Connect's error for a value of another class than its schema wants; the hint says what Java has no word for. */
export function mismatch(schema: Schema, value: unknown, place: Place, hint = ''): DataError {
  const name = schema.name === null ? '' : ` "${schema.name}"`
  const found = `class ${javaClassOf(value)} for ${place.location}${hint}`
  return new DataError(`Invalid Java object for schema${name} with type ${schema.type}: ${found}`)
}

/** Maps an array, and gives it back itself when nothing changed. By index: holes are seen as undefined. */
export function mapItems(items: readonly unknown[], map: (item: unknown) => Value): readonly Value[] {
  let changed: Value[] | null = null
  for (let i = 0; i < items.length; i++) {
    const item = map(items[i])
    if (changed === null && !Object.is(item, items[i])) changed = items.slice(0, i) as Value[]
    changed?.push(item)
  }
  return changed ?? (items as readonly Value[])
}

/** Maps keys and values, and gives the Map back itself when nothing changed. */
export function mapEntries(
  entries: ReadonlyMap<unknown, unknown>,
  place: Place,
  map: { readonly key: (key: unknown) => Value; readonly value: (value: unknown) => Value },
): ReadonlyMap<Value, Value> {
  const mapped = new Map<Value, Value>()
  let changed = false
  for (const [key, value] of entries) {
    const newKey = map.key(key)
    const newValue = map.value(value)
    changed ||= !Object.is(newKey, key) || !Object.is(newValue, value)
    mapped.set(newKey, newValue)
  }
  // 5 and 5n are two keys to JavaScript and one to Connect: neither value may be dropped unseen (I3).
  if (mapped.size !== entries.size) {
    throw new DataError(`Invalid map: two of its keys are the same key for ${place.location}`)
  }
  return changed ? mapped : (entries as ReadonlyMap<Value, Value>)
}
