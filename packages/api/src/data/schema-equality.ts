import { ConnectSchema } from './connect-schema.ts'
import { equalValues } from './equal-values.ts'
import type { Field, Schema, SchemaProperties } from './schema.ts'
import { valueKey } from './value-key.ts'

function equalParameters(a: ReadonlyMap<string, string> | null, b: ReadonlyMap<string, string> | null): boolean {
  if (a === b) return true
  if (a === null || b === null || a.size !== b.size) return false
  for (const [key, value] of a) if (b.get(key) !== value || !b.has(key)) return false
  return true
}

function equalFields(a: readonly Field[] | null, b: readonly Field[] | null): boolean {
  if (a === b) return true
  if (a === null || b === null || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i], b[i]]
    if (left === undefined || right === undefined) return false
    if (left.name !== right.name || !schemaEquals(left.schema, right.schema)) return false
  }
  return true
}

/** Equal in type, optional, name, version, doc, parameters, default, fields, key and value schema. Two nulls are equal. */
export function schemaEquals(a: Schema | null, b: Schema | null): boolean {
  if (a === b) return true
  if (a === null || b === null) return false
  return (
    a.type === b.type &&
    a.optional === b.optional &&
    a.name === b.name &&
    a.version === b.version &&
    a.doc === b.doc &&
    equalParameters(a.parameters, b.parameters) &&
    equalFields(a.fields, b.fields) &&
    schemaEquals(a.keySchema, b.keySchema) &&
    schemaEquals(a.valueSchema, b.valueSchema) &&
    equalValues(a.defaultValue, b.defaultValue)
  )
}

function mix(hash: number, next: number): number {
  return Math.imul(hash ^ next, 0x01000193)
}

function hashText(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i))
  return hash
}

function hashNullable(text: string | null): number {
  return text === null ? 1 : hashText(text)
}

/** The same for equal schemas, whoever made them; almost always another for different ones. */
export function hashSchema(schema: Schema | SchemaProperties): number {
  const known = ConnectSchema.internalsOf(schema)?.hash
  if (known !== undefined) return known
  let hash = mix(hashText(schema.type), schema.optional ? 1 : 2)
  hash = mix(hash, hashNullable(schema.name))
  hash = mix(hash, schema.version ?? -1)
  hash = mix(hash, hashNullable(schema.doc))
  // The order of parameters does not count: a sum does not see it.
  let parameters = 0
  for (const [key, value] of schema.parameters ?? []) parameters += mix(hashText(key), hashNullable(value))
  hash = mix(hash, parameters | 0)
  for (const field of schema.fields ?? []) hash = mix(mix(hash, hashText(field.name)), hashSchema(field.schema))
  if (schema.keySchema !== null) hash = mix(hash, hashSchema(schema.keySchema))
  if (schema.valueSchema !== null) hash = mix(hash, hashSchema(schema.valueSchema))
  return schema.defaultValue === null ? hash : mix(hash, hashText(valueKey(schema.defaultValue)))
}
