import {
  configSpec,
  type Converter,
  type ConverterDefinition,
  DataError,
  defineConverter,
  defineHeaderConverter,
  type HeaderConverterDefinition,
  javaClassOf,
  Schema,
  type Value,
} from '@sluice/api'
import { converterType } from './converter-type.ts'
import { toHeaderConverter } from './to-header-converter.ts'

/** Passes bytes through; anything else is a DataError. Bytes that it hands on are a copy. */
export function createByteArrayConverter(): Converter {
  return {
    fromConnectData: (_topic, _headers, schema, value) => requireBytes(schema, value),
    toConnectData: (_topic, _headers, bytes) => ({
      schema: Schema.optionalBytes,
      value: bytes === null ? null : new Uint8Array(bytes),
    }),
  }
}

function requireBytes(schema: Schema | null, value: Value): Uint8Array | null {
  if (schema !== null && schema.type !== 'BYTES') {
    throw new DataError(`Invalid schema type for ByteArrayConverter: ${schema.type}`)
  }
  if (value === null || value instanceof Uint8Array) return value
  throw new DataError(`ByteArrayConverter is not compatible with objects of type class ${javaClassOf(value)}`)
}

const config = configSpec({ 'converter.type': converterType })

const facts = {
  name: 'byte-array',
  className: 'org.apache.kafka.connect.converters.ByteArrayConverter',
  summary: 'Bytes as they are.',
  config,
}

/** ByteArrayConverter for keys and values. */
export const byteArrayConverter: ConverterDefinition<typeof config> = defineConverter({
  ...facts,
  create: () => createByteArrayConverter(),
})

/** ByteArrayConverter for headers. */
export const byteArrayHeaderConverter: HeaderConverterDefinition<typeof config> = defineHeaderConverter({
  ...facts,
  create: () => toHeaderConverter(createByteArrayConverter()),
})
