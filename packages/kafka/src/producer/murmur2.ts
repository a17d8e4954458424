const seed = 0x9747b28c
const m = 0x5bd1e995

/** The 32-bit murmur2 hash as Kafka's Java clients compute it, as a signed integer: it decides a key's partition. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length
  const tail = length & ~3
  let hash = seed ^ length
  for (let at = 0; at < tail; at += 4) {
    let word = byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24)
    word = Math.imul(word, m)
    word ^= word >>> 24
    hash = Math.imul(hash, m) ^ Math.imul(word, m)
  }
  const rest = length - tail
  if (rest >= 3) hash ^= byte(bytes, tail + 2) << 16
  if (rest >= 2) hash ^= byte(bytes, tail + 1) << 8
  if (rest >= 1) hash = Math.imul(hash ^ byte(bytes, tail), m)
  hash ^= hash >>> 13
  hash = Math.imul(hash, m)
  return hash ^ (hash >>> 15)
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
