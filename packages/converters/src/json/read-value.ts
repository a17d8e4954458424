import {
  DataError,
  float64,
  int64,
  perSchema,
  type Schema,
  structMaker,
  validateValue,
  valueKey,
  type Value,
} from '@sluice/api'
import { decodeBase64 } from './base64.ts'
import { inHashMapOrder, textMap } from './hash-map-order.ts'
import type { JsonOptions } from './json-options.ts'
import {
  checkInt64,
  inexactNumber,
  integerPart,
  isObjectNode,
  type JsonNode,
  type JsonObject,
  lowBits,
  member,
  nodeType,
} from './json-node.ts'
import { DecimalText, keysInOrder, type NumberReader } from './parse-json.ts'
import { logicalReader } from './read-logical.ts'
import type { NumberCare } from './scan-numbers.ts'

/** Reads the values of one schema from parsed JSON. */
export interface ReadValue {
  (node: JsonNode): Value
}

/** A compiled reader, and which numbers `JSON.parse` must not touch for it. */
export interface SchemaReader {
  readonly read: ReadValue
  readonly care: NumberCare
}

/**
 * Compiles readers, once per schema. They are as lenient as Java's: numbers are cut to the width of their type, anything
 * else in the place of a number is 0, of a boolean false, of a string null. A DataError with Connect's text otherwise.
 */
export function createReaders(options: JsonOptions): (schema: Schema) => SchemaReader {
  const readerOf = perSchema((schema): SchemaReader => {
    const logical = logicalReader(schema)
    const readPresent = logical ?? presentReader(schema, readerOf)
    const readNull = nullReader(schema, options)
    return {
      read: (node) => (node === null ? readNull() : readPresent(node)),
      care: logical === null ? careOfParts(schema, readerOf) : 'decimals',
    }
  })
  return readerOf
}

function careOfParts(
  { fields, keySchema, valueSchema }: Schema,
  readerOf: (schema: Schema) => SchemaReader,
): NumberCare {
  const parts = [...(fields ?? []).map((field) => field.schema), keySchema, valueSchema]
  return parts.some((part) => part !== null && readerOf(part).care === 'decimals') ? 'decimals' : 'unsafe-integers'
}

function nullReader(schema: Schema, options: JsonOptions): () => Value {
  const { defaultValue, optional, type } = schema
  if (defaultValue !== null && options.replaceNullWithDefault) return () => defaultValue
  if (optional) return () => null
  return () => {
    throw new DataError(`Invalid null value for required ${type} field`)
  }
}

function presentReader(schema: Schema, readerOf: (schema: Schema) => SchemaReader): ReadValue {
  switch (schema.type) {
    case 'ARRAY':
      return arrayReader(schema, readerOf)
    case 'MAP':
      return mapReader(schema, readerOf)
    case 'STRUCT':
      return structReader(schema, readerOf)
    default:
      return primitiveReaders[schema.type]
  }
}

const primitiveReaders = {
  INT8: (node: JsonNode) => (lowBits(node) << 24) >> 24,
  INT16: (node: JsonNode) => (lowBits(node) << 16) >> 16,
  INT32: (node: JsonNode) => lowBits(node),
  INT64: (node: JsonNode) => readInt64(node),
  FLOAT32: (node: JsonNode) => Math.fround(readDouble(node)),
  FLOAT64: (node: JsonNode) => readDouble(node),
  BOOLEAN: (node: JsonNode) => node === true,
  STRING: (node: JsonNode) => (typeof node === 'string' ? node : null),
  BYTES: (node: JsonNode) => (typeof node === 'string' ? decodeBase64(node, 'Invalid bytes field') : null),
}

function readInt64(node: JsonNode): number | bigint {
  if (typeof node !== 'number') return int64(integerPart(node) ?? 0n)
  if (Math.abs(node) > Number.MAX_SAFE_INTEGER) throw inexactNumber
  return Math.trunc(node) + 0
}

/**
 * Adding 0 makes a plain zero of -0, as going through a decimal does in Java. What is infinite may have an exponent
 * that Java refuses.
 */
function readDouble(node: JsonNode): number {
  if (typeof node === 'number') {
    if (!Number.isFinite(node)) throw inexactNumber
    return node + 0
  }
  if (typeof node === 'bigint') return Number(node)
  return node instanceof DecimalText ? Number(node.text) + 0 : 0
}

/** An object in the place of an array gives its values, a scalar nothing. */
function arrayReader(schema: Schema, readerOf: (schema: Schema) => SchemaReader): ReadValue {
  const { read } = readerOf(partOf(schema.valueSchema))
  return (node) => {
    if (Array.isArray(node)) return (node as readonly JsonNode[]).map((item) => read(item))
    return isObjectNode(node) ? Object.values(node).map((item) => read(item)) : []
  }
}

function mapReader(schema: Schema, readerOf: (schema: Schema) => SchemaReader): ReadValue {
  const keySchema = partOf(schema.keySchema)
  const { read } = readerOf(partOf(schema.valueSchema))
  return keySchema.type === 'STRING'
    ? (node) => readTextMap(node, read)
    : (node) => inHashMapOrder(readPairs(node, readerOf(keySchema).read, read), keySchema)
}

function readTextMap(node: JsonNode, read: ReadValue): Value {
  if (!isObjectNode(node)) {
    throw new DataError(`Maps with string fields should be encoded as JSON objects, but found ${nodeType(node)}`)
  }
  const entries: (readonly [string, Value])[] = []
  for (const key of keysInOrder(node)) entries.push([key, read(node[key])])
  return textMap(entries)
}

function readPairs(node: JsonNode, readKey: ReadValue, read: ReadValue): ReadonlyMap<Value, Value> {
  if (!Array.isArray(node)) {
    const found = nodeType(node)
    throw new DataError(`Maps with non-string fields should be encoded as JSON array of tuples, but found ${found}`)
  }
  const map = new Map<Value, Value>()
  const objectKeys = new Map<string, Value>()
  for (const pair of node as readonly JsonNode[]) {
    const [key, item] = checkPair(pair)
    map.set(sameKey(readKey(key), objectKeys), read(item))
  }
  return map
}

function checkPair(pair: JsonNode): readonly JsonNode[] {
  if (!Array.isArray(pair)) throw new DataError(`Found invalid map entry instead of array tuple: ${nodeType(pair)}`)
  const { length } = pair as readonly JsonNode[]
  if (length !== 2) throw new DataError(`Found invalid map entry, expected length 2 but found :${length}`)
  return pair as readonly JsonNode[]
}

/** Of equal keys that are objects (bytes, decimals, dates) the first stands for all, so that the last value wins. */
function sameKey(key: Value, known: Map<string, Value>): Value {
  if (typeof key !== 'object' || key === null) return key
  const text = valueKey(key)
  const first = known.get(text)
  if (first !== undefined) return first
  known.set(text, key)
  return key
}

function partOf(schema: Schema | null): Schema {
  if (schema === null) throw new DataError('Reading JSON: the schema of an array or map lacks the schema of its parts.')
  return schema
}

interface FieldReader {
  readonly name: string
  readonly schema: Schema
  readonly read: ReadValue
  /** The name is one that every object inherits something under. */
  readonly isInherited: boolean
  /** The leniency for strings may give null where the schema has none: Connect then checks the field. */
  readonly mayYieldNull: boolean
}

function structReader(schema: Schema, readerOf: (schema: Schema) => SchemaReader): ReadValue {
  const maker = structMaker(schema)
  const fields = (schema.fields ?? []).map(({ name, schema: fieldSchema }): FieldReader => ({
    name,
    schema: fieldSchema,
    read: readerOf(fieldSchema).read,
    isInherited: name in Object.prototype,
    mayYieldNull: mayYieldNull(fieldSchema),
  }))
  return (node) => {
    if (!isObjectNode(node)) {
      throw new DataError(`Structs should be encoded as JSON objects, but found ${nodeType(node)}`)
    }
    return maker.fromValues(fields.map((field) => readField(node, field)))
  }
}

function readField(node: JsonObject, field: FieldReader): Value {
  const found = field.isInherited ? member(node, field.name) : node[field.name]
  const value = field.read(found ?? null)
  return field.mayYieldNull ? validateValue(field.schema, value, `field: "${field.name}"`) : value
}

function mayYieldNull(schema: Schema): boolean {
  if (schema.type === 'STRING' || schema.type === 'BYTES') return !schema.optional && logicalReader(schema) === null
  return [schema.keySchema, schema.valueSchema].some((part) => part !== null && mayYieldNull(part))
}

/** Reads a value without a schema. */
export function readSchemaless(node: JsonNode): Value {
  switch (typeof node) {
    case 'undefined':
      return null
    case 'object':
      if (node === null) return null
      if (Array.isArray(node)) return (node as readonly JsonNode[]).map((item) => readSchemaless(item))
      if (node instanceof DecimalText) return schemalessDecimal(node.text)
      return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, readSchemaless(item)]))
    case 'bigint':
      return int64(checkInt64(node))
    default:
      return node as string | number | boolean
  }
}

/** Numbers of schemaless data: INT64 without fraction and exponent, with either a FLOAT64, also when it is integral. */
export const schemalessNumbers: NumberReader = {
  integer: (text) => int64(checkInt64(BigInt(text))),
  decimal: (text) => schemalessDecimal(text),
}

function schemalessDecimal(text: string): Value {
  return float64(Number(text) + 0)
}
