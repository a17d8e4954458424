import { DataError, type Schema, type SchemaAndValue, type Value } from '@sluice/api'
import { Lru } from '../lru.ts'
import { createHashMapOrder } from './hash-map-order.ts'
import { inexactNumber, isObjectNode, type JsonNode, member } from './json-node.ts'
import { exactNumbers, parseJson } from './parse-json.ts'
import { readExactly, readPartExactly, readQuickly } from './read-document.ts'
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

const closeBrace = 0x7d
const space = 0x20

/** A beginning of documents, up to the payload. */
interface KnownPrefix {
  readonly bytes: Buffer
  readonly schema: KnownSchema
}

/** How many beginnings are compared with a document before its schema is looked for. */
const comparedPrefixes = 4

/**
 * Reads `{"schema":…,"payload":…}`. A stream of records has few schemas, and each is longer than its payloads, so its
 * bytes are compared, not parsed: with the beginnings of the records before, then with the `cacheSize` schemas used
 * last. Whatever is out of the ordinary (another order of keys, text after the end, an error) is parsed
 * whole and exactly, so that the quick way only has to be right where it succeeds.
 */
export function createEnvelopeReader(
  readerOf: (schema: Schema) => SchemaReader,
  cacheSize: number,
): (bytes: Buffer) => SchemaAndValue {
  const known = new Lru<string, KnownSchema>(cacheSize)
  const inOrder = createHashMapOrder()
  const noSchema: KnownSchema = { schema: null, care: 'schemaless', read: (node) => inOrder(readSchemaless(node)) }
  /** The latest first. */
  const prefixes: KnownPrefix[] = []

  function knownSchema(node: JsonNode): KnownSchema {
    const schema = readSchema(node, (unfinished, value) => readerOf(unfinished).read(value))
    return schema === null ? noSchema : { schema, ...readerOf(schema) }
  }

  function schemaIn(bytes: Buffer, start: number, end: number): KnownSchema | null {
    const key = bytes.toString('latin1', start, end)
    const found = known.get(key)
    if (found !== undefined) return found
    const text = bytes.toString('utf8', start, end)
    // Perhaps a sign of bytes that are not UTF-8; those of the whole document tell.
    if (text.includes('\uFFFD')) return null
    try {
      const fresh = knownSchema(parseJson(text, exactNumbers))
      known.set(key, fresh)
      return fresh
    } catch {
      return null // reading the whole document finds the error again, and the order in which Connect reports errors
    }
  }

  function quickly(bytes: Buffer): SchemaAndValue | null {
    for (const prefix of prefixes) {
      if (startsWith(bytes, prefix.bytes)) return readPayload(bytes, prefix.bytes.length, prefix.schema)
    }
    const parts = splitEnvelope(bytes)
    const found = parts === null ? null : schemaIn(bytes, parts.schemaStart, parts.schemaEnd)
    if (parts === null || found === null) return null
    prefixes.unshift({ bytes: Buffer.from(bytes.subarray(0, parts.payloadStart)), schema: found })
    if (prefixes.length > comparedPrefixes) prefixes.pop()
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
  return bytes.length > prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
}

/** Null when the payload is not exactly what lies between `start` and the closing brace. */
function readPayload(bytes: Buffer, start: number, { schema, care, read }: KnownSchema): SchemaAndValue | null {
  let end = bytes.length - 1
  while (end > start && (bytes[end] ?? 0) <= space) end--
  if (bytes[end] !== closeBrace) return null
  const quick = readQuickly(bytes, start, end, care)
  try {
    if (quick !== undefined) return { schema, value: read(quick) }
  } catch (error) {
    if (error !== inexactNumber) throw error
  }
  const node = readPartExactly(bytes, start, end)
  return node === undefined ? null : { schema, value: read(node) }
}

function isEnvelope(node: Readonly<Record<string, JsonNode>>): boolean {
  return Object.keys(node).length === 2 && Object.hasOwn(node, 'schema') && Object.hasOwn(node, 'payload')
}

function notAnEnvelope(): DataError {
  return new DataError(
    'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.',
  )
}
