// Three implementations, the fastest that the machine has: a native one, which is optional and pays off from some
// kilobytes on, a WebAssembly one, and our own.

import { createRequire } from 'node:module'

type Checksum = (bytes: Uint8Array) => number

const NATIVE_FROM = 4096
const require = createRequire(import.meta.url)

let small: Checksum | undefined
let large: Checksum | undefined

/** The CRC-32C (Castagnoli) of the bytes, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  if (bytes.length >= NATIVE_FROM) {
    large ??= load('@node-rs/crc32') ?? load('@platformatic/wasm-utils') ?? portableCrc32c
    return large(bytes)
  }
  small ??= load('@platformatic/wasm-utils') ?? portableCrc32c
  return small(bytes)
}

/** Loads an implementation on first use; one that is not there, or that computes something else, is passed over. */
function load(name: string): Checksum | undefined {
  try {
    const { crc32c: checksum } = require(name) as { readonly crc32c: Checksum }
    return checksum(Buffer.from('123456789')) === 0xe3069283 ? checksum : undefined
  } catch {
    return undefined
  }
}

const SLICES = 8
let table: Uint32Array | undefined

/** The same in plain JavaScript, eight bytes at a time: `table[k * 256 + b]` is the CRC of b followed by k zero bytes. */
export function portableCrc32c(bytes: Uint8Array): number {
  const t = (table ??= makeTable())
  const at = (slice: number, byte: number): number => t[slice * 256 + (byte & 0xff)] as number
  const b = bytes
  const wide = b.length - (b.length % SLICES)
  let crc = 0xffffffff
  let i = 0
  for (; i < wide; i += SLICES) {
    const low = crc ^ word(b, i)
    const high = word(b, i + 4)
    crc =
      at(7, low) ^
      at(6, low >>> 8) ^
      at(5, low >>> 16) ^
      at(4, low >>> 24) ^
      at(3, high) ^
      at(2, high >>> 8) ^
      at(1, high >>> 16) ^
      at(0, high >>> 24)
  }
  for (; i < b.length; i++) crc = at(0, crc ^ (b[i] as number)) ^ (crc >>> 8)
  return ~crc >>> 0
}

function word(b: Uint8Array, i: number): number {
  return (b[i] as number) | ((b[i + 1] as number) << 8) | ((b[i + 2] as number) << 16) | ((b[i + 3] as number) << 24)
}

function makeTable(): Uint32Array {
  const reversedPolynomial = 0x82f63b78
  const made = new Uint32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reversedPolynomial : crc >>> 1
    made[byte] = crc
  }
  for (let i = 256; i < made.length; i++) {
    const previous = made[i - 256] as number
    made[i] = (made[previous & 0xff] as number) ^ (previous >>> 8)
  }
  return made
}
