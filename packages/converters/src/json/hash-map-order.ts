import {
  type Decimal,
  isDecimal,
  javaBucketOrder,
  javaHashOrder,
  LogicalName,
  type Schema,
  type Value,
} from '@sluice/api'

/*
 * Apache's JsonConverter reads objects and maps into java.util.HashMaps, and whatever prints or writes them again shows
 * the order in which these iterate: the lines of a file sink, the bytes of a key. So ours are read into that order.
 * A plain object lists integer-like keys first whatever the order, which is a limit of JavaScript.
 */

/** How many lists of keys are recognised; a document has few, and a stream of documents has the same. */
const rememberedLists = 8

interface KnownList {
  readonly keys: readonly string[]
  /** The keys in the order of a HashMap; null when they stand so already. */
  readonly order: readonly string[] | null
}

/** Puts schemaless values into the order of HashMaps: in place where it can, as the values are fresh from a parser. */
export function createHashMapOrder(): (value: Value) => Value {
  const known: KnownList[] = []

  function listOf(keys: readonly string[]): KnownList {
    for (const list of known) if (isSameList(list.keys, keys)) return list
    const order = javaHashOrder(keys)
    const list = { keys, order: isSameList(order, keys) ? null : order }
    known.unshift(list)
    if (known.length > rememberedLists) known.pop()
    return list
  }

  function ordered(value: Value): Value {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return orderedItems(value as Value[])
    // Only numbers have a class of their own here; they hold nothing to put in order.
    return Object.getPrototypeOf(value) === Object.prototype ? orderedObject(value as Record<string, Value>) : value
  }

  function orderedItems(items: Value[]): Value {
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      if (typeof item === 'object' && item !== null) items[i] = ordered(item)
    }
    return items
  }

  function orderedObject(object: Record<string, Value>): Value {
    const keys = Object.keys(object)
    const { order } = listOf(keys)
    if (order !== null) return rebuilt(object, order)
    for (const key of keys) {
      const value = object[key]
      if (typeof value === 'object' && value !== null) setOwn(object, key, ordered(value))
    }
    return object
  }

  function rebuilt(object: Readonly<Record<string, Value>>, order: readonly string[]): Value {
    const result: Record<string, Value> = {}
    for (const key of order) setOwn(result, key, ordered(object[key] ?? null))
    return result
  }

  return ordered
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

// A plain assignment to `__proto__` would call its setter.
function setOwn(object: Record<string, Value>, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    object[key] = value
  }
}

/** The map in the order of a HashMap with keys of this schema; keys whose hash is not known here stay as they are. */
export function inHashMapOrder(map: ReadonlyMap<Value, Value>, keySchema: Schema): ReadonlyMap<Value, Value> {
  const hashOf = keyHash(keySchema)
  if (hashOf === null || map.size < 2) return map
  const keys = [...map.keys()]
  return new Map(javaBucketOrder(keys, hashOf).map((key) => [key, map.get(key) ?? null]))
}

/** The map of text keys in the order of a HashMap. */
export function textMap(entries: readonly (readonly [string, Value])[]): ReadonlyMap<Value, Value> {
  const map = new Map<string, Value>(entries)
  if (map.size < 2) return map
  return new Map(javaHashOrder([...map.keys()]).map((key) => [key, map.get(key) ?? null]))
}

const bits = new DataView(new ArrayBuffer(8))

/** `hashCode` of the keys of a schema; null where there is no such rule here: for bytes, and what is made of parts. */
function keyHash({ type, name }: Schema): ((key: Value) => number) | null {
  if (name === LogicalName.decimal) return (key) => (isDecimal(key) ? hashOfDecimal(key) : 0)
  if (name === LogicalName.date || name === LogicalName.time || name === LogicalName.timestamp) {
    return (key) => (key === null ? 0 : hashOfLong(BigInt((key as Date).getTime())))
  }
  switch (type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return (key) => Number(key)
    case 'INT64':
      return (key) => hashOfLong(BigInt((key as number | bigint | null) ?? 0))
    case 'FLOAT32':
      return (key) => (key === null ? 0 : hashOfFloat(key as number))
    case 'FLOAT64':
      return (key) => (key === null ? 0 : hashOfDouble(key as number))
    case 'BOOLEAN':
      return (key) => (key === null ? 0 : key === true ? 1231 : 1237)
    default:
      return null
  }
}

function hashOfLong(value: bigint): number {
  bits.setBigInt64(0, value)
  return bits.getInt32(0) ^ bits.getInt32(4)
}

function hashOfDouble(value: number): number {
  bits.setFloat64(0, value)
  return bits.getInt32(0) ^ bits.getInt32(4)
}

function hashOfFloat(value: number): number {
  bits.setFloat32(0, value)
  return bits.getInt32(0)
}

/** BigDecimal's: over the magnitude in words of 32 bits, then the sign and the scale. */
function hashOfDecimal({ unscaled, scale }: Decimal): number {
  const magnitude = unscaled < 0n ? -unscaled : unscaled
  const hex = magnitude.toString(16)
  let hash = 0
  for (const word of hex.padStart(Math.ceil(hex.length / 8) * 8, '0').match(/.{8}/g) ?? []) {
    hash = (Math.imul(31, hash) + Number.parseInt(word, 16)) | 0
  }
  return (Math.imul(31, unscaled < 0n ? -hash : hash) + scale) | 0
}
