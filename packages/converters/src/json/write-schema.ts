import { type Field, type Schema, type SchemaType, type Value } from '@sluice/api'
import { quoteJson } from './encode-json.ts'

const typeNames: Readonly<Record<SchemaType, string>> = {
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT32: 'float',
  FLOAT64: 'double',
  BOOLEAN: 'boolean',
  STRING: 'string',
  BYTES: 'bytes',
  ARRAY: 'array',
  MAP: 'map',
  STRUCT: 'struct',
}

/**
 * A schema as JSON text, keys in Java's order: type and parts, optional, name, version, doc, parameters, default, and
 * for a field of a struct its name last. `writeDefault` writes a default as a payload of the schema is written.
 */
export function writeSchema(schema: Schema, writeDefault: (schema: Schema, value: Value) => string): string {
  return `{${members(schema, writeDefault)}}`
}

function members(schema: Schema, writeDefault: (schema: Schema, value: Value) => string): string {
  let text = `"type":"${typeNames[schema.type]}"${parts(schema, writeDefault)},"optional":${schema.optional}`
  if (schema.name !== null) text += `,"name":${quoteJson(schema.name)}`
  if (schema.version !== null) text += `,"version":${schema.version}`
  if (schema.doc !== null) text += `,"doc":${quoteJson(schema.doc)}`
  if (schema.parameters !== null) text += `,"parameters":{${parameters(schema.parameters)}}`
  if (schema.defaultValue !== null) text += `,"default":${writeDefault(schema, schema.defaultValue)}`
  return text
}

function parts(schema: Schema, writeDefault: (schema: Schema, value: Value) => string): string {
  const { fields, keySchema, valueSchema } = schema
  if (fields !== null) return `,"fields":[${fields.map((field) => fieldText(field, writeDefault)).join(',')}]`
  const values = valueSchema === null ? '' : writeSchema(valueSchema, writeDefault)
  if (schema.type === 'ARRAY') return `,"items":${values}`
  return keySchema === null ? '' : `,"keys":${writeSchema(keySchema, writeDefault)},"values":${values}`
}

function fieldText(field: Field, writeDefault: (schema: Schema, value: Value) => string): string {
  return `{${members(field.schema, writeDefault)},"field":${quoteJson(field.name)}}`
}

function parameters(of: ReadonlyMap<string, string>): string {
  return Array.from(of, ([key, value]) => `${quoteJson(key)}:${quoteJson(value)}`).join(',')
}
