import { inVersions } from './field-spec.ts'
import type { FieldSpec, FieldType } from './field-spec.ts'

/** Kafka's UUID of sixteen zero bytes, which stands for "none". */
export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'

const zeroOf: Readonly<Record<FieldType, string>> = {
  boolean: 'false',
  int8: '0',
  int16: '0',
  int32: '0',
  int64: '0',
  bigint: '0n',
  string: '""',
  uuid: JSON.stringify(zeroUuid),
  bytes: 'noBytes',
  records: 'noBytes',
  '[]int32': '[]',
  '[]string': '[]',
  struct: '{}',
  '[]struct': '[]',
}

/** The default of a field as an expression of the generated code; a struct's is made of its fields' defaults. */
export function defaultExpression(field: FieldSpec): string {
  if (field.default === undefined) {
    if (field.type !== 'struct') return zeroOf[field.type]
    const members = (field.fields ?? []).map((inner) => `${JSON.stringify(inner.name)}: ${defaultExpression(inner)}`)
    return `{ ${members.join(', ')} }`
  }
  return typeof field.default === 'bigint' ? `${field.default}n` : JSON.stringify(field.default)
}

/** An expression of the generated code that tells whether `value` is the default of the field. */
export function isDefaultExpression(field: FieldSpec, value: string): string {
  if (field.default !== undefined) return `${value} === ${defaultExpression(field)}`
  if (field.type === 'struct') {
    const inner = (field.fields ?? []).map((member) => {
      const access = `${value}[${JSON.stringify(member.name)}]`
      return `(${access} === undefined || ${isDefaultExpression(member, access)})`
    })
    return `(${inner.join(' && ')})`
  }
  const hasLength = field.type.startsWith('[]') || field.type === 'bytes' || field.type === 'records'
  return hasLength ? `(${value} !== null && ${value}.length === 0)` : `${value} === ${defaultExpression(field)}`
}

const fixedSize: Readonly<Partial<Record<FieldType, number>>> = {
  boolean: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  bigint: 8,
  uuid: 16,
}

/** The least number of bytes that a struct takes on the wire: what bounds the length of an array of it. */
export function minimumSize(fields: readonly FieldSpec[], version: number, flexible: boolean): number {
  let size = flexible ? 1 : 0
  for (const field of fields) {
    if (field.tag !== undefined || !inVersions(field.versions, version)) continue
    const fixed = fixedSize[field.type]
    if (fixed !== undefined) size += fixed
    else if (field.type === 'struct') size += minimumSize(field.fields ?? [], version, flexible)
    else if (flexible) size += 1
    else size += field.type === 'string' ? 2 : 4
  }
  return Math.max(size, 1)
}
