// Zigzag varints, as records have them: 0, −1, 1, −2 … are written as 0, 1, 2, 3 …, seven bits a byte, lowest first.

/** The largest |n| that `writeVarlong` writes and `sizeOfVarlong` measures. */
export const maxVarlong: number = 2 ** 52 - 1

/** Bytes of an int32 as a varint. */
export function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x20_0000) return 3
  return zigzag < 0x1000_0000 ? 4 : 5
}

/** Writes an int32 and returns the position after it. The caller has made sure of the room. */
export function writeVarint(bytes: Uint8Array, value: number, position: number): number {
  let at = position
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  while (zigzag > 0x7f) {
    bytes[at++] = (zigzag & 0x7f) | 0x80
    zigzag >>>= 7
  }
  bytes[at++] = zigzag
  return at
}

/** Bytes of an integer within ±`maxVarlong` as a varint. */
export function sizeOfVarlong(value: number): number {
  let zigzag = value < 0 ? value * -2 - 1 : value * 2
  let size = 1
  while (zigzag > 0x7f) {
    zigzag = Math.floor(zigzag / 0x80)
    size++
  }
  return size
}

/** Writes an integer within ±`maxVarlong` and returns the position after it. The caller has made sure of the room. */
export function writeVarlong(bytes: Uint8Array, value: number, position: number): number {
  let at = position
  let zigzag = value < 0 ? value * -2 - 1 : value * 2
  while (zigzag > 0x7f) {
    bytes[at++] = (zigzag % 0x80) | 0x80
    zigzag = Math.floor(zigzag / 0x80)
  }
  bytes[at++] = zigzag
  return at
}
