import type { Config, ConfigSpec } from './config/config-spec.ts'
import type { ConverterUse, SchemaAndValue } from './converter.ts'
import type { Schema } from './data/schema.ts'
import type { Value } from './data/value.ts'
import { definePlugin, type PluginDefinitionBase, type PluginFacts } from './plugin.ts'

/** Turns header values into bytes and back. The same rules as for a `Converter`. */
export interface HeaderConverter {
  fromConnectHeader(topic: string, key: string, schema: Schema | null, value: Value): Uint8Array | null
  /** The bytes are reused after the call: copy whatever the result keeps of them. */
  toConnectHeader(topic: string, key: string, bytes: Uint8Array | null): SchemaAndValue
  /** Called once, when the task that uses the converter has ended. */
  close?(): void | Promise<void>
}

/** What an author declares. */
export interface HeaderConverterOptions<S extends ConfigSpec> extends PluginFacts<S> {
  /** Called once per task, before the first record. */
  create(config: Config<S>, use: ConverterUse): HeaderConverter
}

/** A header converter as the runtime sees it. */
export interface HeaderConverterDefinition<S extends ConfigSpec = ConfigSpec> extends PluginDefinitionBase<S> {
  readonly kind: 'header_converter'
  create(config: Config<S>, use: ConverterUse): HeaderConverter
}

/** Declares a header converter. */
export function defineHeaderConverter<S extends ConfigSpec>(
  options: HeaderConverterOptions<S>,
): HeaderConverterDefinition<S> {
  return definePlugin('header_converter', options)
}
