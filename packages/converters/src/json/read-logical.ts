import {
  DataError,
  dateFromDays,
  Decimal,
  decimalFromBytes,
  LogicalName,
  type Schema,
  timeFromMillis,
  timestampFromMillis,
  type Value,
} from '@sluice/api'
import { decodeBase64 } from './base64.ts'
import { checkInt64, isIntegralNode, isIntNode, type JsonNode, nodeType } from './json-node.ts'
import { DecimalText } from './parse-json.ts'

/** The reader of a schema that is named as one of Connect's logical types, whatever its base type; else null. */
export function logicalReader(schema: Schema): ((node: JsonNode) => Value) | null {
  switch (schema.name) {
    case LogicalName.decimal:
      return (node) => readDecimal(schema, node)
    case LogicalName.date:
      return (node) => dateFromDays(schema, intOf(node, 'Date'))
    case LogicalName.time:
      return (node) => timeFromMillis(schema, intOf(node, 'Time'))
    case LogicalName.timestamp:
      return (node) => timestampFromMillis(schema, integralOf(node))
    default:
      return null
  }
}

/** A number keeps its own scale; text is the base64 of the unscaled value, under the schema's scale. */
function readDecimal(schema: Schema, node: JsonNode): Value {
  if (typeof node === 'number' || typeof node === 'bigint') return new Decimal(BigInt(node), 0)
  if (node instanceof DecimalText) return Decimal.parse(node.text)
  if (typeof node === 'string') {
    try {
      return decimalFromBytes(schema, decodeBase64(node, 'Invalid bytes for Decimal field'))
    } catch (cause) {
      throw new DataError('Invalid bytes for Decimal field', { cause })
    }
  }
  return refuse(node, 'Invalid type for Decimal, underlying representation should be numeric or bytes')
}

function intOf(node: JsonNode, type: string): number {
  return isIntNode(node) ? node : refuse(node, `Invalid type for ${type}, underlying representation should be integer`)
}

function integralOf(node: JsonNode): number | bigint {
  if (!isIntegralNode(node))
    return refuse(node, 'Invalid type for Timestamp, underlying representation should be integral')
  return typeof node === 'bigint' ? checkInt64(node) : node
}

function refuse(node: JsonNode, expected: string): never {
  throw new DataError(`${expected} but was ${nodeType(node)}`)
}
