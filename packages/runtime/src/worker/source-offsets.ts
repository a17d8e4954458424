import {
  ConnectError,
  type Converter,
  isFloat64,
  isStruct,
  javaHashOrder,
  noHeaders,
  type SourceOffset,
  type SourceOffsets,
  type SourcePartition,
  type Value,
} from '@sluice/api'
import { createJsonConverter } from '@sluice/converters'
import type { StoredOffset } from '../storage/offset-store.ts'

/** The offset store as a task of one connector reaches it. Texts are JSON objects. */
export interface OffsetTexts {
  read(partitions: readonly string[]): Promise<readonly (string | null)[]>
  write(offsets: readonly StoredOffset[]): Promise<void>
}

/** Offsets between a task and the store: the JSON that Apache Connect's internal converter writes. */
export class OffsetCodec {
  readonly #json: Converter = createJsonConverter({ schemasEnable: false })

  /** New partitions are written in the order in which most Java connectors' maps iterate. */
  partitionText(partition: SourcePartition): string {
    return this.#text(javaHashOrder(Object.keys(partition)), partition)
  }

  offsetText(offset: SourceOffset): string {
    return this.#text(Object.keys(offset), offset)
  }

  parse(text: string): SourceOffset {
    const { value } = this.#json.toConnectData('', [], Buffer.from(text))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ConnectError('Reading a source offset from the store: it is no JSON object.')
    }
    return value as SourceOffset
  }

  // A Map keeps the order of any keys; an object would put those that look like integers first.
  #text(keys: readonly string[], fields: SourceOffset): string {
    const map = new Map<Value, Value>()
    for (const key of keys) map.set(key, requirePrimitive(key, fields[key] ?? null))
    const bytes = this.#json.fromConnectData('', noHeaders, null, map)
    return bytes === null ? 'null' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  }
}

function requirePrimitive(name: string, value: Value): Value {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array || isFloat64(value)) return value
  const kind = Array.isArray(value) ? 'ARRAY' : value instanceof Map || isStruct(value) ? 'MAP' : value.constructor.name
  throw new ConnectError(`Offsets may only contain primitive types as values, but field ${name} contains ${kind}`)
}

/** What a task's or connector's context offers. */
export function createSourceOffsets(codec: OffsetCodec, texts: Pick<OffsetTexts, 'read'>): SourceOffsets {
  async function getAll(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | null)[]> {
    try {
      const found = await texts.read(partitions.map((partition) => codec.partitionText(partition)))
      return found.map((text) => (text === null ? null : codec.parse(text)))
    } catch (cause) {
      throw new ConnectError('Failed to fetch offsets.', { cause })
    }
  }
  return { getAll, get: async (partition) => (await getAll([partition]))[0] ?? null }
}
