import { Decimal, decimalScale, float64, int64, LogicalName, type Schema, structMaker, type Value } from '@sluice/api'
import fc from 'fast-check'

/** How values are generated. */
export interface ArbitraryValueOptions {
  /**
   * Both forms of an INT64 for every number, so 5n as well as 5, and both forms of a schemaless whole FLOAT64: what a
   * plugin may hand over before it is validated. Only canonical forms unless told.
   */
  readonly mixedForms?: boolean
}

const minLong = -(2n ** 63n)
const maxLong = 2n ** 63n - 1n

function integer(bits: number): fc.Arbitrary<Value> {
  const limit = 2 ** (bits - 1)
  const edges = fc.constantFrom(-limit, limit - 1, 0, -1, 1)
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -limit, max: limit - 1 }) },
    { weight: 1, arbitrary: edges },
  )
}

/** Half of them beyond what a number holds exactly. */
function longInteger(mixedForms: boolean): fc.Arbitrary<Value> {
  const edges = fc.constantFrom(minLong, maxLong, 0n, 5n, 2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n), 1n - 2n ** 53n)
  const any = fc.oneof(fc.bigInt({ min: minLong, max: maxLong }), fc.bigInt({ min: -1000n, max: 1000n }), edges)
  if (!mixedForms) return any.map(int64)
  return fc.tuple(any, fc.boolean()).map(([value, asBigint]) => (asBigint ? value : int64(value)))
}

function float(): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.float() },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Math.fround(0.1)) },
  )
}

function double(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 10, 1e7, 1e300, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324) },
  )
}

function text(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    { weight: 1, arbitrary: fc.constantFrom('', '__proto__', 'null', '1', '\u0000', '"\\\n', '日本') },
  )
}

function bytes(): fc.Arbitrary<Value> {
  return fc.uint8Array({ maxLength: 8 })
}

function decimal(scale: fc.Arbitrary<number>): fc.Arbitrary<Value> {
  const unscaled = fc.bigInt({ min: -(2n ** 140n), max: 2n ** 140n })
  return fc.tuple(unscaled, scale).map(([value, of]) => new Decimal(value, of))
}

/** As far as a date can reach, and mostly near today. */
function timestamp(): fc.Arbitrary<Value> {
  const near = fc.integer({ min: -4_000_000_000_000, max: 4_000_000_000_000 })
  const far = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 })
  return fc.oneof({ weight: 3, arbitrary: near }, { weight: 1, arbitrary: far }).map((ms) => new Date(ms))
}

function day(): fc.Arbitrary<Value> {
  return fc.integer({ min: -800_000, max: 2_900_000 }).map((days) => new Date(days * 86_400_000))
}

function timeOfDay(): fc.Arbitrary<Value> {
  return fc.integer({ min: 0, max: 86_400_000 }).map((ms) => new Date(ms))
}

function logicalValue(schema: Schema): fc.Arbitrary<Value> | null {
  switch (schema.name) {
    case LogicalName.decimal:
      return decimal(fc.constant(decimalScale(schema)))
    case LogicalName.date:
      return day()
    case LogicalName.time:
      return timeOfDay()
    case LogicalName.timestamp:
      return timestamp()
    default:
      return null
  }
}

function mapValue(schema: Schema, options: ArbitraryValueOptions): fc.Arbitrary<Value> {
  if (schema.keySchema === null || schema.valueSchema === null) return fc.constant(new Map<Value, Value>())
  // Keys in one form only: 5 and 5n would be one key once validated.
  const entry = fc.tuple(arbitraryValue(schema.keySchema), arbitraryValue(schema.valueSchema, options))
  return fc.array(entry, { maxLength: 4 }).map((entries) => new Map(entries))
}

function structValue(schema: Schema, options: ArbitraryValueOptions): fc.Arbitrary<Value> {
  const values = (schema.fields ?? []).map((field) => {
    const value = arbitraryValue(field.schema, options)
    return field.schema.defaultValue === null ? value : fc.option(value, { freq: 4 })
  })
  return fc.tuple(...values).map((of) => structMaker(schema).fromValues(of))
}

function plainValue(schema: Schema, options: ArbitraryValueOptions): fc.Arbitrary<Value> {
  switch (schema.type) {
    case 'INT8':
      return integer(8)
    case 'INT16':
      return integer(16)
    case 'INT32':
      return integer(32)
    case 'INT64':
      return longInteger(options.mixedForms ?? false)
    case 'FLOAT32':
      return float()
    case 'FLOAT64':
      return double()
    case 'BOOLEAN':
      return fc.boolean()
    case 'STRING':
      return text()
    case 'BYTES':
      return bytes()
    default:
      return containerValue(schema, options)
  }
}

function containerValue(schema: Schema, options: ArbitraryValueOptions): fc.Arbitrary<Value> {
  if (schema.type === 'STRUCT') return structValue(schema, options)
  if (schema.type === 'MAP') return mapValue(schema, options)
  if (schema.valueSchema === null) return fc.constant([])
  return fc.array(arbitraryValue(schema.valueSchema, options), { maxLength: 4 })
}

/** Values that fit a schema: null where it allows it, edges of every type, structs in the shape of their maker. */
export function arbitraryValue(schema: Schema, options: ArbitraryValueOptions = {}): fc.Arbitrary<Value> {
  const value = logicalValue(schema) ?? plainValue(schema, options)
  return schema.optional ? fc.option(value, { freq: 4 }) : value
}

/** A schema together with a value of it. */
export function arbitraryOf(
  schemas: fc.Arbitrary<Schema>,
  options: ArbitraryValueOptions = {},
): fc.Arbitrary<readonly [schema: Schema, value: Value]> {
  return schemas.chain((schema) => arbitraryValue(schema, options).map((value) => [schema, value] as const))
}

/** Schemaless data as a JSON converter reads it: plain objects with any names, arrays, text, numbers of both kinds. */
export function arbitrarySchemalessValue(options: ArbitraryValueOptions = {}): fc.Arbitrary<Value> {
  const scalar = fc.oneof<fc.Arbitrary<Value>[]>(
    fc.constant(null),
    fc.boolean(),
    text(),
    longInteger(options.mixedForms ?? false),
    double().map(float64),
  )
  let value: fc.Arbitrary<Value> = scalar
  for (let level = 0; level < 3; level++) {
    const inner = value
    const list: fc.Arbitrary<Value> = fc.array(inner, { maxLength: 4 })
    const entries = fc.array(fc.tuple(text(), inner), { maxLength: 4 })
    const object: fc.Arbitrary<Value> = entries.map((pairs) => Object.fromEntries(pairs))
    value = fc.oneof({ weight: 2, arbitrary: scalar }, { weight: 1, arbitrary: list }, { weight: 1, arbitrary: object })
  }
  return value
}
