export { type Check, type CheckRule, type FunctionCheck } from './config/checks.ts'
export { type Config, type ConfigSpec, configSpec, type Fields, type Props } from './config/config-spec.ts'
export { type ConfigType, type ConfigValue, field, type Field, type Importance, type Width } from './config/field.ts'
export { isSecret, Secret } from './config/secret.ts'
export {
  type Converter,
  type ConverterDefinition,
  type ConverterOptions,
  type ConverterUse,
  defineConverter,
  type SchemaAndValue,
  type WireHeaders,
} from './converter.ts'
export {
  defineHeaderConverter,
  type HeaderConverter,
  type HeaderConverterDefinition,
  type HeaderConverterOptions,
} from './header-converter.ts'
export type { Logger } from './logger.ts'
export type { PluginDefinitionBase, PluginFacts, PluginKind } from './plugin.ts'
export type { PluginDefinition } from './plugin-definition.ts'
export { definePredicate, type Predicate, type PredicateDefinition, type PredicateOptions } from './predicate.ts'
export {
  defineSinkConnector,
  type ErrantRecordReporter,
  type SinkConnectorDefinition,
  type SinkConnectorOptions,
  type SinkOffsetChange,
  type SinkTask,
  type SinkTaskContext,
} from './sink-connector.ts'
export {
  type ConnectorContext,
  defineSourceConnector,
  type RecordMetadata,
  type SourceConnectorContext,
  type SourceConnectorDefinition,
  type SourceConnectorOptions,
  type SourceOffsets,
  type SourcePartitionOffset,
  type SourceTask,
  type SourceTaskContext,
  type Support,
} from './source-connector.ts'
export {
  defineTransform,
  keyAndValue,
  type KeyAndValueOptions,
  type RecordPart,
  type Transform,
  type TransformDefinition,
  type TransformOptions,
} from './transform.ts'
