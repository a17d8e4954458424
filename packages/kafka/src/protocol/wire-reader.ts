import { ProtocolError } from '../errors/protocol-error.ts'
import { readInt64 } from './int64.ts'

/**
 * Reads the primitive types of the protocol from a frame. Every read is checked against the end of the frame, so a
 * truncated or forged frame ends in a ProtocolError, never in bytes of another frame that shares its memory.
 */
export class WireReader {
  readonly frame: Buffer
  position: number
  private readonly message: string
  private readonly version: number

  constructor(frame: Buffer, position: number, message: string, version: number) {
    this.frame = frame
    this.position = position
    this.message = message
    this.version = version
  }

  /** The error for what was found at the present position. */
  error(what: string): ProtocolError {
    return new ProtocolError('INVALID_REQUEST', what, {
      message: this.message,
      version: this.version,
      position: this.position,
    })
  }

  /** Claims `length` bytes and returns where they start. */
  private take(length: number, field: string): number {
    const start = this.position
    const end = start + length
    if (end > this.frame.length) {
      throw this.error(`${field} needs ${length} bytes, ${this.frame.length - start} are left`)
    }
    this.position = end
    return start
  }

  boolean(field: string): boolean {
    return this.frame[this.take(1, field)] !== 0
  }

  int8(field: string): number {
    return this.frame.readInt8(this.take(1, field))
  }

  int16(field: string): number {
    return this.frame.readInt16BE(this.take(2, field))
  }

  int32(field: string): number {
    return this.frame.readInt32BE(this.take(4, field))
  }

  /** Exact within ±2^53, else the nearest number. */
  int64(field: string): number {
    return readInt64(this.frame, this.take(8, field))
  }

  bigint(field: string): bigint {
    return this.frame.readBigInt64BE(this.take(8, field))
  }

  uuid(field: string): string {
    const at = this.take(16, field)
    return this.frame.toString('base64url', at, at + 16)
  }

  /** An unsigned varint of at most 32 bits. */
  varint(field: string): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.frame[this.take(1, field)] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break
        return value
      }
    }
    throw this.error(`${field} has a varint of more than 32 bits`)
  }

  /** The length of a string, of bytes or of an array in a flexible version; −1 is null. */
  compactLength(field: string): number {
    return this.varint(field) - 1
  }

  /** The number of elements of an array, each of which takes at least `minimum` bytes; −1 is null. */
  count(compact: boolean, minimum: number, field: string): number {
    const count = compact ? this.compactLength(field) : this.int32(field)
    if (count < -1 || count * minimum > this.frame.length - this.position) {
      throw this.error(`${field} claims ${count} elements, ${this.frame.length - this.position} bytes are left`)
    }
    return count
  }

  /** The error for a null where the field may not be null. */
  unexpectedNull(field: string): ProtocolError {
    return this.error(`${field} is null, which this version does not allow`)
  }

  /** A string of the given length, as UTF-8. */
  text(length: number, field: string): string | null {
    if (length < 0) {
      if (length === -1) return null
      throw this.error(`${field} claims a length of ${length}`)
    }
    const start = this.take(length, field)
    return length === 0 ? '' : this.frame.toString('utf8', start, start + length)
  }

  /** Bytes of the given length: a view into the frame, not a copy. */
  view(length: number, field: string): Buffer | null {
    if (length < 0) {
      if (length === -1) return null
      throw this.error(`${field} claims a length of ${length}`)
    }
    const start = this.take(length, field)
    return this.frame.subarray(start, start + length)
  }

  int32Array(count: number, field: string): number[] | null {
    if (count < 0) return null
    const values: number[] = []
    for (let i = 0; i < count; i++) values.push(this.int32(field))
    return values
  }

  stringArray(count: number, compact: boolean, field: string): string[] | null {
    if (count < 0) return null
    const values: string[] = []
    for (let i = 0; i < count; i++) {
      const value = this.text(compact ? this.compactLength(field) : this.int16(field), field)
      if (value === null) throw this.unexpectedNull(field)
      values.push(value)
    }
    return values
  }

  /** Passes over a tagged field that this client does not know. */
  skip(length: number, field: string): void {
    this.take(length, field)
  }

  /** The end of a tagged field of the given size. */
  fieldEnd(size: number, field: string): number {
    const end = this.position + size
    if (end > this.frame.length) throw this.error(`${field} claims ${size} bytes`)
    return end
  }

  /** Checks that the reader stands exactly at the end of what it has read. */
  expectEnd(end: number, field: string): void {
    if (this.position !== end) {
      throw this.error(`${field} ends here, its length says byte ${end}`)
    }
  }
}
