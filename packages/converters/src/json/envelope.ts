import { DataError, type Schema, type SchemaAndValue, type Value } from '@sluice/api'
import { Lru } from '../lru.ts'
import { inexactNumber, isObjectNode, type JsonNode, member } from './json-node.ts'
import { exactNumbers, parseJson } from './parse-json.ts'
import { readExactly, readQuickly } from './read-document.ts'
import { readSchema } from './read-schema.ts'
import { readSchemaless, type SchemaReader } from './read-value.ts'
import type { NumberCare } from './scan-numbers.ts'
import { splitEnvelope } from './split-envelope.ts'

/** A schema that was read, with the reader of its payloads. */
interface KnownSchema {
  readonly schema: Schema | null
  readonly care: NumberCare
  readonly read: (node: JsonNode) => Value
}

const noSchema: KnownSchema = { schema: null, care: 'schemaless', read: readSchemaless }

const openBrace = 0x7b
const closeBrace = 0x7d
const space = 0x20

/**
 * Reads `{"schema":…,"payload":…}`. The schema of a stream of records is nearly always the same, and longer than the
 * payload, so its bytes are compared, not parsed: with those of the record before, then with those of the `cacheSize`
 * schemas used last. Whatever is out of the ordinary (another order of keys, text after the end, an error) is parsed
 * whole and exactly, so that the quick way only has to be right where it succeeds.
 */
export function createEnvelopeReader(
  readerOf: (schema: Schema) => SchemaReader,
  cacheSize: number,
): (bytes: Buffer) => SchemaAndValue {
  const known = new Lru<string, KnownSchema>(cacheSize)
  let lastPrefix: Buffer = Buffer.alloc(0)
  let last: KnownSchema = noSchema

  function knownSchema(node: JsonNode): KnownSchema {
    const schema = readSchema(node, (unfinished, value) => readerOf(unfinished).read(value))
    return schema === null ? noSchema : { schema, ...readerOf(schema) }
  }

  function schemaIn(bytes: Buffer, start: number, end: number): KnownSchema | null {
    const key = bytes.toString('latin1', start, end)
    const found = known.get(key)
    if (found !== undefined) return found
    try {
      const fresh = knownSchema(parseJson(bytes.toString('utf8', start, end), exactNumbers))
      known.set(key, fresh)
      return fresh
    } catch {
      return null // reading the whole document finds the error again, and the order in which Connect reports errors
    }
  }

  function quickly(bytes: Buffer): SchemaAndValue | null {
    if (lastPrefix.length > 0 && startsWith(bytes, lastPrefix)) return readPayload(bytes, lastPrefix.length, last)
    const parts = splitEnvelope(bytes)
    const found = parts === null ? null : schemaIn(bytes, parts.schemaStart, parts.schemaEnd)
    if (parts === null || found === null) return null
    lastPrefix = Buffer.from(bytes.subarray(0, parts.payloadStart))
    last = found
    return readPayload(bytes, parts.payloadStart, found)
  }

  function exactly(bytes: Buffer): SchemaAndValue {
    const node = readExactly(bytes, exactNumbers)
    if (!isObjectNode(node) || !isEnvelope(node)) throw notAnEnvelope()
    const { schema, read } = knownSchema(member(node, 'schema'))
    return { schema, value: read(member(node, 'payload')) }
  }

  return (bytes) => quickly(bytes) ?? exactly(bytes)
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return (
    bytes[0] === openBrace &&
    bytes.length > prefix.length &&
    bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
  )
}

/** Null when the payload is not exactly what lies between `start` and the closing brace, or needs exact numbers. */
function readPayload(bytes: Buffer, start: number, { schema, care, read }: KnownSchema): SchemaAndValue | null {
  let end = bytes.length - 1
  while (end > start && (bytes[end] ?? 0) <= space) end--
  if (bytes[end] !== closeBrace) return null
  const node = readQuickly(bytes, start, end, care)
  if (node === undefined) return null
  try {
    return { schema, value: schema === null ? (node as Value) : read(node) }
  } catch (error) {
    if (error === inexactNumber) return null
    throw error
  }
}

function isEnvelope(node: Readonly<Record<string, JsonNode>>): boolean {
  return Object.keys(node).length === 2 && Object.hasOwn(node, 'schema') && Object.hasOwn(node, 'payload')
}

function notAnEnvelope(): DataError {
  return new DataError(
    'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.',
  )
}
