import {
  configSpec,
  defineHeaderConverter,
  type HeaderConverter,
  type HeaderConverterDefinition,
  Schema,
} from '@sluice/api'
import { utf8 } from './charset.ts'
import { valuesText } from './values-text.ts'

/**
 * Writes a header value as text and reads text as a string. Apache's guesses a type from what the text looks like (`12`
 * is an INT8 there, `[1,2]` an array); written again, the text is the same either way.
 */
export function createSimpleHeaderConverter(): HeaderConverter {
  return {
    fromConnectHeader: (_topic, _key, schema, value) =>
      value === null ? null : utf8.encode(valuesText(value, schema)),
    toConnectHeader: (_topic, _key, bytes) =>
      bytes === null ? { schema: null, value: null } : { schema: Schema.string, value: utf8.decode(bytes) },
  }
}

const config = configSpec({})

/** SimpleHeaderConverter, Connect's default for headers. */
export const simpleHeaderConverter: HeaderConverterDefinition<typeof config> = defineHeaderConverter({
  name: 'simple-header',
  className: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  summary: 'Header values as text.',
  config,
  create: () => createSimpleHeaderConverter(),
})
