const minSafe = BigInt(Number.MIN_SAFE_INTEGER)
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)
const minLong = -(2n ** 63n)
const maxLong = 2n ** 63n - 1n

/** The canonical form of an INT64: a `number` when it is a safe integer, otherwise the `bigint`. */
export function int64(value: bigint): number | bigint {
  return value >= minSafe && value <= maxSafe ? Number(value) : value
}

/** True when the integer fits a signed 64-bit one. */
export function fitsInt64(value: bigint): boolean {
  return value >= minLong && value <= maxLong
}

/** The canonical form of an INT64 in either form: 5n becomes 5. */
export function canonicalInt64(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? int64(value) : value
}
