import type { Converter, HeaderConverter } from '@sluice/api'

/** A converter of values as one of headers: Connect's own serve as both. */
export function toHeaderConverter(converter: Converter): HeaderConverter {
  return {
    fromConnectHeader: (topic, _key, schema, value) => converter.fromConnectData(topic, [], schema, value),
    toConnectHeader: (topic, _key, bytes) => converter.toConnectData(topic, [], bytes),
  }
}
