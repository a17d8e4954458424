import { DataError, perSchema, type Schema, type SchemaAndValue, type Value } from '@sluice/api'
import { encodeJson, encodeJsonAfter } from './encode-json.ts'
import { createEnvelopeReader } from './envelope.ts'
import { createHashMapOrder } from './hash-map-order.ts'
import { inexactNumber } from './json-node.ts'
import type { JsonOptions } from './json-options.ts'
import { exactNumbers, parseJson } from './parse-json.ts'
import { readExactly, readQuickly } from './read-document.ts'
import { readSchema } from './read-schema.ts'
import { createReaders, schemalessNumbers, type SchemaReader } from './read-value.ts'
import { writeSchema } from './write-schema.ts'
import { writeSchemaless } from './write-schemaless.ts'
import { createWriters, type WriteValue } from './write-value.ts'

/** Writes Connect data as the bytes of a JSON document. */
export type WriteJson = (schema: Schema | null, value: Value) => Uint8Array

/** Reads the bytes of a JSON document as Connect data. */
export type ReadJson = (bytes: Buffer) => SchemaAndValue

/** Writes values alone: what the schema says is lost. */
export function createPlainWriter(options: JsonOptions): WriteJson {
  const writerOf = createWriters(options)
  return (schema, value) => encodeJson(schema === null ? writeSchemaless(value) : writerOf(schema)(value))
}

/** Writes each value in an envelope, beside its schema. */
export function createEnvelopeWriter(options: JsonOptions): WriteJson {
  const writerOf = createWriters(options)
  const writeDefault = (schema: Schema, value: Value): string => writerOf(schema)(value)
  const envelopeOf = perSchema((schema): { readonly before: Buffer; readonly write: WriteValue } => ({
    before: encodeJson(`{"schema":${writeSchema(schema, writeDefault)},"payload":`),
    write: writerOf(schema),
  }))
  const schemaless = Buffer.from('{"schema":null,"payload":')
  return (schema, value) => {
    if (schema === null) return encodeJsonAfter(schemaless, writeSchemaless(value))
    const { before, write } = envelopeOf(schema)
    return encodeJsonAfter(before, write(value))
  }
}

/** Reads documents as schemaless data. Nothing but white space is null. */
export function createPlainReader(): ReadJson {
  const inOrder = createHashMapOrder()
  return (bytes) => {
    const quick = readQuickly(bytes, 0, bytes.length, 'schemaless')
    const node = quick === undefined ? readExactly(bytes, schemalessNumbers) : quick
    return { schema: null, value: inOrder((node ?? null) as Value) }
  }
}

/** Reads envelopes; `cacheSize` bounds how many schemas are recognised by their bytes. */
export function createEnvelopeCodec(options: JsonOptions, cacheSize: number): ReadJson {
  return createEnvelopeReader(createReaders(options), cacheSize)
}

/** Reads documents as bare payloads of the one schema that `content` describes; null when it describes none. */
export function createContentReader(options: JsonOptions, content: string): ReadJson | null {
  const readerOf = createReaders(options)
  const schema = contentSchema(content, readerOf)
  return schema === null ? null : (bytes) => ({ schema, value: readBare(bytes, readerOf(schema)) })
}

function contentSchema(content: string, readerOf: (schema: Schema) => SchemaReader): Schema | null {
  const node = parseContent(content)
  return node === undefined ? null : readSchema(node, (unfinished, value) => readerOf(unfinished).read(value))
}

function parseContent(content: string): unknown {
  try {
    return parseJson(content, exactNumbers)
  } catch (cause) {
    throw new DataError('Failed to parse schema in converter config due to serialization error: ', { cause })
  }
}

function readBare(bytes: Buffer, { read, care }: SchemaReader): Value {
  const quick = readQuickly(bytes, 0, bytes.length, care)
  try {
    if (quick !== undefined) return read(quick)
  } catch (error) {
    if (error !== inexactNumber) throw error
  }
  return read(readExactly(bytes, exactNumbers))
}
