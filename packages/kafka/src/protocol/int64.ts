const high = 0x1_0000_0000

/** An int64 as a number: exact within ±2^53, else the nearest. */
export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * high + bytes.readUInt32BE(at + 4)
}

/** Writes a safe integer as an int64 and returns the position after it. */
export function writeInt64(bytes: Buffer, value: number, at: number): number {
  const upper = Math.floor(value / high)
  bytes.writeInt32BE(upper, at)
  return bytes.writeUInt32BE(value - upper * high, at + 4)
}
