export {
  allOf,
  type Check,
  type CheckRule,
  describeCheck,
  type FunctionCheck,
  inRange,
  isHttpUrl,
  isRegex,
  listSize,
  nonEmptyList,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  uniqueList,
  validList,
} from './config/checks.ts'
export {
  type ConfigInfo,
  type ConfigInfos,
  configInfos,
  type ConfigKeyInfo,
  configKeyInfos,
  type ConfigValueInfo,
} from './config/config-infos.ts'
export { type ConfigKey, configKeys, needsHost, specFromKeys } from './config/config-keys.ts'
export {
  type Config,
  type ConfigSpec,
  configSpec,
  embedSpec,
  type Fields,
  mergeSpecs,
  type Props,
} from './config/config-spec.ts'
export type { EvaluateOptions } from './config/evaluate.ts'
export { type ConfigType, type ConfigValue, field, type Field, type Importance, type Width } from './config/field.ts'
export { compileJavaRegex } from './config/java-regex.ts'
export { type ParsedConfig, parseConfig, requireConfig } from './config/parse-config.ts'
export type { ClassLookup } from './config/parse-type.ts'
export { renderConfig } from './config/render-config.ts'
export { isSecret, Secret } from './config/secret.ts'
export { nearestKey, type UnknownKey, unknownKeys } from './config/unknown-keys.ts'
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
