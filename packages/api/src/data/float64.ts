const brand: unique symbol = Symbol.for('sluice.float64')

/**
 * A FLOAT64 in schemaless data whose value is integral, so that 10.0 stays 10.0 on its way. Under a schema, and for
 * every other FLOAT64, the value is a plain `number`.
 */
export class Float64 {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }

  /** The number, so that arithmetic works. */
  valueOf(): number {
    return this.value
  }
}
Object.defineProperty(Float64.prototype, brand, { value: true })

/** True for a Float64, whichever copy of this package made it. */
export function isFloat64(value: unknown): value is Float64 {
  return (
    value instanceof Float64 ||
    (typeof value === 'object' && value !== null && (value as { [brand]?: true })[brand] === true)
  )
}

/** A schemaless FLOAT64 in its canonical form: `Float64` when a plain number would read as an integer. */
export function float64(value: number): number | Float64 {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? new Float64(value) : value
}
