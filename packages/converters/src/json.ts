import {
  type Config,
  configSpec,
  type Converter,
  type ConverterDefinition,
  defineConverter,
  defineHeaderConverter,
  field,
  type HeaderConverter,
  type HeaderConverterDefinition,
} from '@sluice/api'
import { bufferOf } from './buffer-of.ts'
import { converterType } from './converter-type.ts'
import {
  createContentReader,
  createEnvelopeCodec,
  createEnvelopeWriter,
  createPlainReader,
  createPlainWriter,
  type ReadJson,
} from './json/json-codec.ts'
import type { JsonOptions } from './json/json-options.ts'
import { toHeaderConverter } from './to-header-converter.ts'

/** Settings of a JSON converter made in code. */
export interface JsonConverterOptions extends Partial<JsonOptions> {
  /** Whether documents are envelopes of schema and payload; true when left out. */
  readonly schemasEnable?: boolean
  /** How many schemas are recognised by their bytes; 1000 when left out. */
  readonly schemasCacheSize?: number
  /** JSON of the schema that incoming documents are bare payloads of; counts only with `schemasEnable`. */
  readonly schemaContent?: string | null
}

/**
 * Converts between Connect data and JSON, byte for byte as Java's JsonConverter writes it. Integers beyond 64 bits are
 * a DataError where Java wraps them.
 */
export function createJsonConverter(options: JsonConverterOptions = {}): Converter {
  const { schemasEnable = true } = options
  const json: JsonOptions = {
    decimalFormat: options.decimalFormat ?? 'BASE64',
    replaceNullWithDefault: options.replaceNullWithDefault ?? true,
  }
  const write = schemasEnable ? createEnvelopeWriter(json) : createPlainWriter(json)
  const read = schemasEnable ? schemaReader(options, json) : createPlainReader()
  return {
    fromConnectData: (_topic, _headers, schema, value) =>
      schema === null && value === null ? null : write(schema, value),
    toConnectData: (_topic, _headers, bytes) =>
      bytes === null ? { schema: null, value: null } : read(bufferOf(bytes)),
  }
}

function schemaReader(
  { schemaContent = null, schemasCacheSize = 1000 }: JsonConverterOptions,
  json: JsonOptions,
): ReadJson {
  const contentReader = schemaContent === null ? null : createContentReader(json, schemaContent)
  return contentReader ?? createEnvelopeCodec(json, schemasCacheSize)
}

const config = configSpec({
  'converter.type': converterType,
  'schemas.enable': field.boolean({
    doc: 'Whether each document is an envelope with the schema beside the payload; else it is the payload alone.',
    default: true,
    importance: 'high',
    group: 'Schemas',
    order: 0,
    width: 'medium',
    displayName: 'Enable Schemas',
  }),
  'schemas.cache.size': field.int({
    doc: 'How many schemas a converter keeps ready, the ones used last.',
    default: 1000,
    importance: 'high',
    group: 'Schemas',
    order: 1,
    width: 'medium',
    displayName: 'Schema Cache Size',
  }),
  'schema.content': field.string({
    doc: 'JSON of one schema. With schemas enabled, incoming documents are then bare payloads of it, without envelope.',
    optional: true,
    importance: 'high',
    group: 'Schemas',
    order: 2,
    width: 'medium',
    displayName: 'Schema Content',
  }),
  'decimal.format': field.oneOf(['NUMERIC', 'BASE64'], {
    doc: 'How decimals are written: as numbers, or as base64 text of their bytes. Both are read.',
    default: 'BASE64',
    ignoreCase: true,
    importance: 'low',
    group: 'Serialization',
    order: 0,
    width: 'medium',
    displayName: 'Decimal Format',
  }),
  'replace.null.with.default': field.boolean({
    doc: 'Whether null in a field that has a default stands for the default.',
    default: true,
    importance: 'low',
    group: 'Serialization',
    order: 1,
    width: 'medium',
    displayName: 'Replace null with default',
  }),
})

const facts = {
  name: 'json',
  className: 'org.apache.kafka.connect.json.JsonConverter',
  summary: 'JSON documents, with or without the schema beside the payload.',
  config,
}

function optionsOf(settings: Config<typeof config>): JsonConverterOptions {
  return {
    schemasEnable: settings['schemas.enable'],
    schemasCacheSize: settings['schemas.cache.size'],
    schemaContent: settings['schema.content'] || null,
    decimalFormat: settings['decimal.format'],
    replaceNullWithDefault: settings['replace.null.with.default'],
  }
}

/** JsonConverter for keys and values. */
export const jsonConverter: ConverterDefinition<typeof config> = defineConverter({
  ...facts,
  create: (settings) => createJsonConverter(optionsOf(settings)),
})

/** JsonConverter for headers. */
export const jsonHeaderConverter: HeaderConverterDefinition<typeof config> = defineHeaderConverter({
  ...facts,
  create: (settings): HeaderConverter => toHeaderConverter(createJsonConverter(optionsOf(settings))),
})
