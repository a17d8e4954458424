const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function toHex(bytes: Uint8Array, flip: number): string {
  let hex = ''
  for (const byte of bytes) hex += hexOfByte[byte ^ flip]
  return hex
}

/** Java's `new BigInteger(bytes)`, for at least one byte. Linear in the length: a long value costs no more than reading it. */
export function readTwosComplement(bytes: Uint8Array): bigint {
  const negative = (bytes[0] ?? 0) > 127
  if (bytes.length <= 6) {
    let value = negative ? -1 : 0
    for (const byte of bytes) value = value * 256 + byte
    return BigInt(value)
  }
  return negative ? -BigInt(`0x${toHex(bytes, 255)}`) - 1n : BigInt(`0x${toHex(bytes, 0)}`)
}

/** Java's `BigInteger.toByteArray()`: as few bytes as hold the value and its sign. */
export function writeTwosComplement(value: bigint): Uint8Array {
  const flip = value < 0n ? 255 : 0
  const hex = (value < 0n ? -value - 1n : value).toString(16)
  const digits = (hex.length + 1) >> 1
  const even = hex.padStart(digits * 2, '0')
  // One more byte when the first bit of the digits would be taken for a sign.
  const signByte = Number.parseInt(even.slice(0, 2), 16) > 127 ? 1 : 0
  const bytes = new Uint8Array(signByte + digits)
  if (signByte === 1) bytes[0] = flip
  for (let i = 0; i < digits; i++) bytes[signByte + i] = Number.parseInt(even.slice(2 * i, 2 * i + 2), 16) ^ flip
  return bytes
}
