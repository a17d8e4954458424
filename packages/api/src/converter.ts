import type { Config, ConfigSpec } from './config/config-spec.ts'
import type { Schema } from './data/schema.ts'
import type { Value } from './data/value.ts'
import { definePlugin, type PluginDefinitionBase, type PluginFacts } from './plugin.ts'
import type { Headers } from './record/headers.ts'

/** Headers as they lie in Kafka: bytes by key, in order, repeats kept. */
export type WireHeaders = readonly (readonly [key: string, value: Uint8Array | null])[]

/** A value beside its schema; the schema is null for schemaless data. */
export interface SchemaAndValue {
  readonly schema: Schema | null
  readonly value: Value
}

/**
 * Turns keys or values into bytes and back. Both calls are synchronous and must not keep state between records other
 * than what is compiled per schema. A record that cannot be converted is a `DataError`.
 */
export interface Converter {
  fromConnectData(topic: string, headers: Headers, schema: Schema | null, value: Value): Uint8Array | null
  /** The bytes are reused after the call: copy whatever the result keeps of them. */
  toConnectData(topic: string, headers: WireHeaders, bytes: Uint8Array | null): SchemaAndValue
  /** Called once, when the task that uses the converter has ended. */
  close?(): void | Promise<void>
}

/** What a converter is used for (`converter.type`). */
export interface ConverterUse {
  readonly type: 'key' | 'value' | 'header'
}

/** What an author declares. */
export interface ConverterOptions<S extends ConfigSpec> extends PluginFacts<S> {
  /** Called once per task and use, before the first record. */
  create(config: Config<S>, use: ConverterUse): Converter
}

/** A converter as the runtime sees it. */
export interface ConverterDefinition<S extends ConfigSpec = ConfigSpec> extends PluginDefinitionBase<S> {
  readonly kind: 'converter'
  create(config: Config<S>, use: ConverterUse): Converter
}

/** Declares a converter. */
export function defineConverter<S extends ConfigSpec>(options: ConverterOptions<S>): ConverterDefinition<S> {
  return definePlugin('converter', options)
}
