// Bodies of messages for tests, made from the table: what may be encoded in a version, at random.

import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { zeroUuid } from '../field-defaults.ts'
import { inVersions } from '../field-spec.ts'
import type { FieldSpec, FieldType } from '../field-spec.ts'

/** A body, or a part of one, as tests handle it. */
export type Plain = Record<string, unknown>

const text = (): Arbitrary<string> => fc.string({ unit: 'binary', maxLength: 12 })
const bytes = (): Arbitrary<Buffer> => fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
const integer = (bits: number): Arbitrary<number> => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
const uuid = (): Arbitrary<string> =>
  fc.oneof(
    fc.constant(zeroUuid),
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((array) => Buffer.from(array).toString('base64url')),
  )

const scalars: Readonly<Record<Exclude<FieldType, 'struct' | '[]struct'>, Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  int8: integer(8),
  int16: integer(16),
  int32: integer(32),
  int64: fc.maxSafeInteger(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  string: text(),
  uuid: uuid(),
  bytes: bytes(),
  records: bytes(),
  '[]int32': fc.array(integer(32), { maxLength: 4 }),
  '[]string': fc.array(text(), { maxLength: 4 }),
}

function plainValue(field: FieldSpec, version: number): Arbitrary<unknown> {
  if (field.type === 'struct') return bodyArbitrary(field.fields ?? [], version)
  if (field.type === '[]struct') return fc.array(bodyArbitrary(field.fields ?? [], version), { maxLength: 3 })
  return scalars[field.type]
}

/** Random bodies of a version: every field that the version has, null among the values where it may stand. */
export function bodyArbitrary(fields: readonly FieldSpec[], version: number): Arbitrary<Plain> {
  const members: Record<string, Arbitrary<unknown>> = {}
  for (const field of fields) {
    if (!inVersions(field.versions, version)) continue
    const value = plainValue(field, version)
    const nullable = field.nullable !== undefined && inVersions(field.nullable, version)
    members[field.name] = nullable ? fc.option(value, { nil: null, freq: 3 }) : value
  }
  return fc.record(members)
}

/** The default of a field as a value. */
export function defaultOf(field: FieldSpec): unknown {
  if (field.default !== undefined) return field.default
  if (field.type.startsWith('[]')) return []
  switch (field.type) {
    case 'boolean':
      return false
    case 'string':
      return ''
    case 'uuid':
      return zeroUuid
    case 'bigint':
      return 0n
    case 'bytes':
    case 'records':
      return Buffer.alloc(0)
    case 'struct':
      return withDefaults(field.fields ?? [], {})
    default:
      return 0
  }
}

/** What decoding yields for a body: the same, with the default of every field that it does not have. */
export function withDefaults(fields: readonly FieldSpec[], body: Plain): Plain {
  return Object.fromEntries(fields.map((field) => [field.name, decodedValue(field, body[field.name])]))
}

function decodedValue(field: FieldSpec, value: unknown): unknown {
  if (value === undefined) return defaultOf(field)
  if (value === null || field.fields === undefined) return value
  const inner = field.fields
  if (field.type === 'struct') return withDefaults(inner, value as Plain)
  return (value as Plain[]).map((element) => withDefaults(inner, element))
}
