/**
 * The order in which a `java.util.HashMap<String, …>` iterates over keys put in this order: by bucket, then by
 * insertion. A source partition that is new to the offset store gets this order, since that is what most Java
 * connectors' maps have, and Apache Connect finds an offset by the exact bytes of its key.
 */
export function javaHashOrder(keys: readonly string[]): string[] {
  let capacity = 16
  while (keys.length > capacity * 0.75) capacity *= 2
  const bucketOf = (key: string): number => {
    const hash = javaStringHash(key)
    return (hash ^ (hash >>> 16)) & (capacity - 1)
  }
  // The sort is stable: within a bucket insertion order stays.
  return [...keys].sort((a, b) => bucketOf(a) - bucketOf(b))
}

/** `String.hashCode`. */
export function javaStringHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash
}
