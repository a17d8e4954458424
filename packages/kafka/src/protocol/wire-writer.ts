import { ProtocolError } from '../errors/protocol-error.ts'
import { writeInt64 } from './int64.ts'

// Payloads from this size on are not copied into the scratch buffer but handed on as they are.
const GATHER_FROM = 1024
const INITIAL = 16 * 1024
const KEEP_AT_MOST = 1024 * 1024

type Payload = Uint8Array | readonly Uint8Array[]

interface Gathered {
  readonly at: number
  readonly bytes: Uint8Array
}

/**
 * Writes the primitive types of the protocol into a growing scratch buffer. Large payloads are only noted; `parts()`
 * yields them between the pieces of the rest, for a gathered write. One writer serves message after message.
 */
export class WireWriter {
  private buffer: Buffer = Buffer.allocUnsafeSlow(INITIAL)
  private position = 0
  private gathered: Gathered[] = []
  private gatheredBytes = 0
  private message = ''
  private version = 0

  /** Begins a message; what was written before and not taken is forgotten. */
  begin(message: string, version: number): void {
    if (this.buffer.length > KEEP_AT_MOST) this.buffer = Buffer.allocUnsafeSlow(INITIAL)
    this.position = 0
    this.gathered = []
    this.gatheredBytes = 0
    this.message = message
    this.version = version
  }

  /** The error for a body that cannot be written. */
  error(what: string): ProtocolError {
    return new ProtocolError('INVALID_REQUEST', what, { message: this.message, version: this.version, position: null })
  }

  /** The error for a value that this version of the message cannot carry. */
  unsupported(field: string): ProtocolError {
    return new ProtocolError('UNSUPPORTED_VERSION', `${field} is set, which this version cannot carry`, {
      message: this.message,
      version: this.version,
      position: null,
    })
  }

  /** How many bytes the message has so far, gathered payloads included. */
  get length(): number {
    return this.position + this.gatheredBytes
  }

  /** Ends the message: its pieces in order, none of which the writer uses again. */
  parts(): Buffer[] {
    const copy = Buffer.from(this.buffer.subarray(0, this.position))
    const parts: Buffer[] = []
    let from = 0
    for (const { at, bytes } of this.gathered) {
      if (at > from) parts.push(copy.subarray(from, at))
      parts.push(asBuffer(bytes))
      from = at
    }
    if (from < copy.length) parts.push(copy.subarray(from))
    this.gathered = []
    return parts
  }

  /** Ends the message: all of it in one new buffer. */
  whole(): Buffer {
    if (this.gathered.length === 0) return Buffer.from(this.buffer.subarray(0, this.position))
    const out = Buffer.allocUnsafeSlow(this.length)
    let from = 0
    let to = 0
    for (const { at, bytes } of this.gathered) {
      to += this.buffer.copy(out, to, from, at)
      out.set(bytes, to)
      to += bytes.length
      from = at
    }
    this.buffer.copy(out, to, from, this.position)
    this.gathered = []
    return out
  }

  /** Writes the length of everything after the first four bytes into them. */
  patchSize(): void {
    this.buffer.writeInt32BE(this.length - 4, 0)
  }

  private ensure(bytes: number): void {
    const needed = this.position + bytes
    if (needed <= this.buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2))
    this.buffer.copy(grown, 0, 0, this.position)
    this.buffer = grown
  }

  private integer(value: number, bits: number, field: string): void {
    const limit = 2 ** (bits - 1)
    if (!Number.isInteger(value) || value < -limit || value >= limit) {
      throw this.error(`${field} is not an int${bits}: ${describe(value)}`)
    }
    this.ensure(8)
  }

  boolean(value: boolean, field: string): void {
    if (typeof value !== 'boolean') throw this.error(`${field} is not a boolean: ${describe(value)}`)
    this.ensure(1)
    this.buffer[this.position++] = value ? 1 : 0
  }

  int8(value: number, field: string): void {
    this.integer(value, 8, field)
    this.position = this.buffer.writeInt8(value, this.position)
  }

  int16(value: number, field: string): void {
    this.integer(value, 16, field)
    this.position = this.buffer.writeInt16BE(value, this.position)
  }

  int32(value: number, field: string): void {
    this.integer(value, 32, field)
    this.position = this.buffer.writeInt32BE(value, this.position)
  }

  int64(value: number, field: string): void {
    if (!Number.isSafeInteger(value)) throw this.error(`${field} is not an exact integer: ${describe(value)}`)
    this.ensure(8)
    this.position = writeInt64(this.buffer, value, this.position)
  }

  bigint(value: bigint, field: string): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) {
      throw this.error(`${field} is not a 64-bit bigint: ${describe(value)}`)
    }
    this.ensure(8)
    this.position = this.buffer.writeBigInt64BE(value, this.position)
  }

  uuid(value: string, field: string): void {
    const bytes = Buffer.from(value, 'base64url')
    if (bytes.length !== 16) throw this.error(`${field} is not a UUID in base64: ${describe(value)}`)
    this.ensure(16)
    this.buffer.set(bytes, this.position)
    this.position += 16
  }

  /** An unsigned varint. */
  varint(value: number): void {
    this.ensure(5)
    let rest = value
    while (rest > 0x7f) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.position++] = rest
  }

  /** A string with its length in the form of a flexible version; null is written as null. */
  compactString(value: string | null, field: string): void {
    if (value === null) return this.varint(0)
    const length = this.textLength(value, field)
    this.varint(length + 1)
    this.text(value, length)
  }

  /** A string with an int16 length; null is written as null. */
  string(value: string | null, field: string): void {
    const length = value === null ? -1 : this.textLength(value, field)
    if (length > 0x7fff) throw this.error(`${field} has ${length} bytes, at most 32767 fit`)
    this.ensure(2)
    this.position = this.buffer.writeInt16BE(length, this.position)
    if (value !== null) this.text(value, length)
  }

  private textLength(value: string, field: string): number {
    if (typeof value !== 'string') throw this.error(`${field} is not a string: ${describe(value)}`)
    return Buffer.byteLength(value)
  }

  private text(value: string, length: number): void {
    this.ensure(length)
    this.buffer.write(value, this.position, length, 'utf8')
    this.position += length
  }

  /** Bytes with their length; null is written as null. */
  bytes(value: Payload | null, compact: boolean, field: string): void {
    if (value === null) return this.arrayLength(-1, compact)
    if (value instanceof Uint8Array) {
      this.arrayLength(value.length, compact)
      this.payload(value)
      return
    }
    if (!Array.isArray(value)) throw this.error(`${field} is not bytes: ${describe(value)}`)
    const pieces = value as readonly Uint8Array[]
    this.arrayLength(
      pieces.reduce((sum, piece) => sum + piece.length, 0),
      compact,
    )
    for (const piece of pieces) this.payload(piece)
  }

  private payload(bytes: Uint8Array): void {
    if (bytes.length >= GATHER_FROM) {
      this.gathered.push({ at: this.position, bytes })
      this.gatheredBytes += bytes.length
      return
    }
    this.ensure(bytes.length)
    this.buffer.set(bytes, this.position)
    this.position += bytes.length
  }

  /** The number of elements of an array; −1 for null. */
  arrayLength(length: number, compact: boolean): void {
    if (compact) return this.varint(length + 1)
    this.ensure(4)
    this.position = this.buffer.writeInt32BE(length, this.position)
  }

  int32Array(values: readonly number[] | null, compact: boolean, field: string): void {
    if (values === null) return this.arrayLength(-1, compact)
    this.arrayLength(values.length, compact)
    for (const value of values) this.int32(value, field)
  }

  stringArray(values: readonly string[] | null, compact: boolean, field: string): void {
    if (values === null) return this.arrayLength(-1, compact)
    this.arrayLength(values.length, compact)
    for (const value of values) {
      if (value === null) throw this.unexpectedNull(field)
      if (compact) this.compactString(value, field)
      else this.string(value, field)
    }
  }

  /** The error for a null where the field may not be null. */
  unexpectedNull(field: string): ProtocolError {
    return this.error(`${field} is null, which this version does not allow`)
  }

  /** Where the content of a tagged field starts; `endTagged` puts its size before it. */
  get mark(): number {
    return this.position
  }

  /** Puts the size of what was written since `mark` before it, as a tagged field has it. */
  endTagged(mark: number): void {
    const size = this.position - mark
    let width = 1
    for (let rest = size; rest > 0x7f; rest >>>= 7) width++
    this.ensure(width)
    this.buffer.copyWithin(mark + width, mark, this.position)
    this.position = mark
    this.varint(size)
    this.position = mark + width + size
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Names a wrong value without showing what could be a secret or a record. */
function describe(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return `a value of type ${typeof value}`
}
