import type { Config, ConfigSpec } from './config/config-spec.ts'
import type { Schema } from './data/schema.ts'
import type { Value } from './data/value.ts'
import { definePlugin, type PluginDefinitionBase, type PluginFacts } from './plugin.ts'
import type { ConnectRecord } from './record/connect-record.ts'
import { newRecord } from './record/new-record.ts'

/**
 * Changes one record, synchronously: returns it, a changed copy (`newRecord`), or null to drop it.
 * The record given in is never changed. A record that cannot be transformed is a `DataError`.
 */
export interface Transform {
  apply<R extends ConnectRecord>(record: R): R | null
  /** Called once, when the task has ended. */
  close?(): void | Promise<void>
}

/** What an author declares. */
export interface TransformOptions<S extends ConfigSpec> extends PluginFacts<S> {
  /** Called once per task and alias, before the first record. */
  create(config: Config<S>): Transform
}

/** A transform as the runtime sees it. */
export interface TransformDefinition<S extends ConfigSpec = ConfigSpec> extends PluginDefinitionBase<S> {
  readonly kind: 'transformation'
  create(config: Config<S>): Transform
}

/** Declares a transform (SMT). */
export function defineTransform<S extends ConfigSpec>(options: TransformOptions<S>): TransformDefinition<S> {
  return definePlugin('transformation', options)
}

/** The half of a record on which one of a `$Key` and `$Value` pair works. */
export interface RecordPart {
  readonly name: 'key' | 'value'
  schemaOf(record: ConnectRecord): Schema | null
  valueOf(record: ConnectRecord): Value
  /** A copy of the record with this half replaced. */
  replace<R extends ConnectRecord>(record: R, schema: Schema | null, value: Value): R
}

/** What an author declares for a pair: names, class name and aliases without `-key`, `$Key` and the like. */
export interface KeyAndValueOptions<S extends ConfigSpec> extends PluginFacts<S> {
  create(config: Config<S>, part: RecordPart): Transform
}

const keyPart: RecordPart = Object.freeze({
  name: 'key',
  schemaOf: (record: ConnectRecord) => record.keySchema,
  valueOf: (record: ConnectRecord) => record.key,
  replace: <R extends ConnectRecord>(record: R, keySchema: Schema | null, key: Value) =>
    newRecord(record, { keySchema, key }),
})

const valuePart: RecordPart = Object.freeze({
  name: 'value',
  schemaOf: (record: ConnectRecord) => record.valueSchema,
  valueOf: (record: ConnectRecord) => record.value,
  replace: <R extends ConnectRecord>(record: R, valueSchema: Schema | null, value: Value) =>
    newRecord(record, { valueSchema, value }),
})

/** Declares the `$Key` and `$Value` pair of a transform from one function. */
export function keyAndValue<S extends ConfigSpec>(
  options: KeyAndValueOptions<S>,
): readonly [key: TransformDefinition<S>, value: TransformDefinition<S>] {
  return [transformOf(options, keyPart, '$Key'), transformOf(options, valuePart, '$Value')]
}

function transformOf<S extends ConfigSpec>(
  options: KeyAndValueOptions<S>,
  part: RecordPart,
  suffix: string,
): TransformDefinition<S> {
  return defineTransform({
    name: `${options.name}-${part.name}`,
    ...(options.className === undefined ? {} : { className: options.className + suffix }),
    aliases: (options.aliases ?? []).map((alias) => alias + suffix),
    summary: `${options.summary.replace(/\.$/, '')}, in the ${part.name} of a record.`,
    config: options.config,
    create: (config) => options.create(config, part),
  })
}
