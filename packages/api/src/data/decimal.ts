import { DataError } from '../errors/connect-error.ts'
import { readTwosComplement, writeTwosComplement } from './twos-complement.ts'

const brand: unique symbol = Symbol.for('sluice.decimal')
const grammar = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const minInt = -2147483648
const maxInt = 2147483647

/**
 * An exact decimal: `unscaled` × 10^-`scale`, as Java's BigDecimal. 1.0 and 1.00 are different values of the same
 * magnitude, as there.
 */
export class Decimal {
  readonly unscaled: bigint
  readonly scale: number

  constructor(unscaled: bigint, scale: number) {
    if (!Number.isInteger(scale) || scale < minInt || scale > maxInt) {
      throw new DataError(`Building a decimal: the scale is ${scale}, which is not a 32-bit integer.`)
    }
    this.unscaled = unscaled
    this.scale = scale
  }

  /** Reads what BigDecimal reads: `-1.50`, `1E+3`, `.5`. Anything else is a DataError. */
  static parse(text: string): Decimal {
    const [matched, sign = '', whole = '', fraction = '', exponent = '0'] = grammar.exec(text) ?? []
    if (matched === undefined || whole + fraction === '')
      throw new DataError('Reading a decimal: the text is not a decimal number.')
    const digits = BigInt(whole + fraction)
    return new Decimal(sign === '-' ? -digits : digits, fraction.length - Number(exponent))
  }

  /** Reads an unscaled value in two's complement, most significant byte first, as Connect encodes decimals. */
  static fromBytes(bytes: Uint8Array, scale: number): Decimal {
    if (bytes.length === 0) throw new DataError('Zero length BigInteger')
    return new Decimal(readTwosComplement(bytes), scale)
  }

  /** The unscaled value in two's complement, most significant byte first, in as few bytes as hold it. */
  toBytes(): Uint8Array {
    return writeTwosComplement(this.unscaled)
  }

  /** Equal as BigDecimal.equals: the same unscaled value and the same scale. */
  equals(other: Decimal): boolean {
    return this.unscaled === other.unscaled && this.scale === other.scale
  }

  /** BigDecimal's text: `1.50`, `1E+3`, `1E-9`. */
  toString(): string {
    const negative = this.unscaled < 0n
    const digits = (negative ? -this.unscaled : this.unscaled).toString()
    return (negative ? '-' : '') + place(digits, this.scale)
  }
}
Object.defineProperty(Decimal.prototype, brand, { value: true })

/** True for a Decimal, whichever copy of this package made it. */
export function isDecimal(value: unknown): value is Decimal {
  return (
    value instanceof Decimal ||
    (typeof value === 'object' && value !== null && (value as { [brand]?: true })[brand] === true)
  )
}

/** Java writes a decimal plainly when it has no negative scale and is not smaller than 1E-6, else with an exponent. */
function place(digits: string, scale: number): string {
  if (scale === 0) return digits
  const exponent = digits.length - 1 - scale
  if (scale > 0 && exponent >= -6) {
    if (digits.length > scale) return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    return `0.${digits.padStart(scale, '0')}`
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
  if (exponent === 0) return mantissa
  return `${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`
}
