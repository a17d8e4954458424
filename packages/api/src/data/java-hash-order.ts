const DEFAULT_CAPACITY = 16
const LOAD_FACTOR = 0.75

/**
 * The order in which a `java.util.HashMap<String, …>` iterates over keys put in this order: by bucket, then by
 * insertion. Java connectors and transforms pass maps on in this order, and it shows: in the bytes of a record key,
 * hence in its partition, and in the bytes by which Apache Connect finds a source offset. `copied` is how many of the
 * keys, the first, came from another map by the constructor that copies; such a map begins with fewer buckets.
 */
export function javaHashOrder(keys: readonly string[], copied = 0): string[] {
  return javaBucketOrder(keys, javaStringHash, copied)
}

/** The same for keys of any type, with what their `hashCode` gives. */
export function javaBucketOrder<K>(keys: readonly K[], hashOf: (key: K) => number, copied = 0): K[] {
  const mask = capacityFor(keys.length, copied) - 1
  const bucketOf = (key: K): number => {
    const hash = hashOf(key)
    return (hash ^ (hash >>> 16)) & mask
  }
  // The sort is stable: within a bucket insertion order stays, as it does when Java doubles its table.
  return [...keys].sort((a, b) => bucketOf(a) - bucketOf(b))
}

function capacityFor(size: number, copied: number): number {
  let capacity = DEFAULT_CAPACITY
  if (copied > 0) {
    const wanted = Math.trunc(copied / LOAD_FACTOR + 1)
    for (capacity = 1; capacity < wanted;) capacity *= 2
  }
  while (size > capacity * LOAD_FACTOR) capacity *= 2
  return capacity
}

/** `String.hashCode`. */
export function javaStringHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash
}
