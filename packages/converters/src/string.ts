import {
  ConfigError,
  configSpec,
  type Converter,
  type ConverterDefinition,
  defineConverter,
  defineHeaderConverter,
  field,
  type HeaderConverterDefinition,
  javaText,
  Schema,
} from '@sluice/api'
import { type Charset, charsetNames, findCharset } from './charset.ts'
import { converterType } from './converter-type.ts'
import { toHeaderConverter } from './to-header-converter.ts'

/**
 * Writes any value as the text of Java's `toString`, whatever its schema, and reads text. An encoding that is not known
 * is a ConfigError.
 */
export function createStringConverter(encoding = 'UTF-8'): Converter {
  const charset = requireCharset(encoding)
  return {
    fromConnectData: (_topic, _headers, schema, value) =>
      value === null ? null : charset.encode(javaText(value, schema)),
    toConnectData: (_topic, _headers, bytes) => ({
      schema: Schema.optionalString,
      value: bytes === null ? null : charset.decode(bytes),
    }),
  }
}

function requireCharset(encoding: string): Charset {
  const charset = findCharset(encoding)
  if (charset !== null) return charset
  const message = `Unsupported encoding ${encoding}`
  throw new ConfigError(message, [
    { key: 'converter.encoding', message, suggestion: `Use one of ${charsetNames.join(', ')}.` },
  ])
}

const config = configSpec({
  'converter.type': converterType,
  'converter.encoding': field.string({
    doc: `Encoding of the text: one of ${charsetNames.join(', ')}.`,
    default: 'UTF-8',
    importance: 'high',
    width: 'medium',
    displayName: 'Encoding',
  }),
})

const facts = {
  name: 'string',
  className: 'org.apache.kafka.connect.storage.StringConverter',
  summary: 'Text; other values as Java prints them.',
  config,
}

/** StringConverter for keys and values. */
export const stringConverter: ConverterDefinition<typeof config> = defineConverter({
  ...facts,
  create: (settings) => createStringConverter(settings['converter.encoding']),
})

/** StringConverter for headers. */
export const stringHeaderConverter: HeaderConverterDefinition<typeof config> = defineHeaderConverter({
  ...facts,
  create: (settings) => toHeaderConverter(createStringConverter(settings['converter.encoding'])),
})
