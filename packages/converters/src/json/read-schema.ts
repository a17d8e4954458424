import { DataError, type Schema, SchemaBuilder, type Value } from '@sluice/api'
import { isIntegralNode, isObjectNode, type JsonNode, type JsonObject, lowBits, member } from './json-node.ts'
import { keysInOrder } from './parse-json.ts'

/** Reads a default value under a schema that is still being built, by the rules for payloads. */
export type ReadDefault = (schema: Schema, node: JsonNode) => Value

const primitives: ReadonlyMap<string, () => SchemaBuilder> = new Map([
  ['boolean', () => SchemaBuilder.boolean()],
  ['int8', () => SchemaBuilder.int8()],
  ['int16', () => SchemaBuilder.int16()],
  ['int32', () => SchemaBuilder.int32()],
  ['int64', () => SchemaBuilder.int64()],
  ['float', () => SchemaBuilder.float32()],
  ['double', () => SchemaBuilder.float64()],
  ['bytes', () => SchemaBuilder.bytes()],
  ['string', () => SchemaBuilder.string()],
])

/**
 * The schema that a JSON document describes; null for JSON null. Properties of the wrong type are passed over, as
 * Java does; what cannot be read as a schema at all is a DataError with Connect's text.
 */
export function readSchema(node: JsonNode, readDefault: ReadDefault): Schema | null {
  return node === null ? null : requireSchema(node, readDefault)
}

function requireSchema(node: JsonNode, readDefault: ReadDefault): Schema {
  const json: JsonObject = isObjectNode(node) ? node : {}
  const type = member(json, 'type')
  if (typeof type !== 'string') throw new DataError("Schema must contain 'type' field")
  const builder = builderOf(type, json, readDefault)
  if (member(json, 'optional') === true) builder.optional()
  readProperties(builder, json)
  const standard = member(json, 'default')
  if (standard !== undefined) builder.defaultValue(defaultOf(builder, standard, readDefault))
  return builder.build()
}

function builderOf(type: string, json: JsonObject, readDefault: ReadDefault): SchemaBuilder {
  switch (type) {
    case 'array': {
      const items = part(json, 'items', 'Array schema did not specify the element type')
      return SchemaBuilder.array(requireSchema(items, readDefault))
    }
    case 'map': {
      const keys = part(json, 'keys', 'Map schema did not specify the key type')
      const values = part(json, 'values', 'Map schema did not specify the value type')
      return SchemaBuilder.map(requireSchema(keys, readDefault), requireSchema(values, readDefault))
    }
    case 'struct':
      return structBuilder(json, readDefault)
    default: {
      const make = primitives.get(type)
      if (make === undefined) throw new DataError(`Unknown schema type: ${type}`)
      return make()
    }
  }
}

function part(json: JsonObject, name: string, complaint: string): JsonNode {
  const node = member(json, name)
  if (node === undefined || node === null) throw new DataError(complaint)
  return node
}

function structBuilder(json: JsonObject, readDefault: ReadDefault): SchemaBuilder {
  const fields = member(json, 'fields')
  if (!Array.isArray(fields)) throw new DataError('Struct schema\'s "fields" argument is not an array.')
  const builder = SchemaBuilder.struct()
  for (const field of fields as readonly JsonNode[]) {
    const name = isObjectNode(field) ? member(field, 'field') : undefined
    if (typeof name !== 'string') throw new DataError("Struct schema's field name not specified properly")
    builder.field(name, requireSchema(field, readDefault))
  }
  return builder
}

function readProperties(builder: SchemaBuilder, json: JsonObject): void {
  const name = member(json, 'name')
  if (typeof name === 'string') builder.name(name)
  const version = member(json, 'version')
  if (isIntegralNode(version)) builder.version(lowBits(version))
  const doc = member(json, 'doc')
  if (typeof doc === 'string') builder.doc(doc)
  const parameters = member(json, 'parameters')
  if (!isObjectNode(parameters)) return
  for (const key of keysInOrder(parameters)) {
    const value = member(parameters, key)
    if (typeof value !== 'string') throw new DataError('Schema parameters must have string values.')
    builder.parameter(key, value)
  }
}

/**
 * A default is read under the schema as built so far. For a struct, Java compares that unfinished schema with itself
 * and always finds them different; the refusal is kept, because such a schema cannot pass through Apache Connect.
 */
function defaultOf(builder: SchemaBuilder, node: JsonNode, readDefault: ReadDefault): Value {
  const unfinished = builder.build()
  const value = readDefault(unfinished, node)
  if (unfinished.type === 'STRUCT' && value !== null) {
    throw new DataError('Invalid default value', { cause: new DataError('Struct schemas do not match.') })
  }
  return value
}
