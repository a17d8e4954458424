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
export { type DeprecatedKey, deprecatedKeys } from './config/deprecated-keys.ts'
export type { EvaluateOptions } from './config/evaluate.ts'
export {
  type ConfigType,
  type ConfigValue,
  field,
  type Field as ConfigField,
  type Importance,
  type Width,
} from './config/field.ts'
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
export { compareValues } from './data/compare-values.ts'
export { Decimal, isDecimal } from './data/decimal.ts'
export { equalValues } from './data/equal-values.ts'
export { Float64, float64, isFloat64 } from './data/float64.ts'
export { canonicalInt64, fitsInt64, int64 } from './data/int64.ts'
export { javaClassOf } from './data/java-class.ts'
export { javaDate } from './data/java-date.ts'
export { javaBucketOrder, javaHashOrder } from './data/java-hash-order.ts'
export { javaDouble, javaFloat } from './data/java-number.ts'
export { javaText } from './data/java-text.ts'
export { LogicalName } from './data/logical-name.ts'
export {
  dateFromDays,
  dateToDays,
  decimalFromBytes,
  decimalScale,
  decimalToBytes,
  timeFromMillis,
  timestampFromMillis,
  timestampToMillis,
  timeToMillis,
} from './data/logical-types.ts'
export { decodeMalformedUtf8, type MalformedText } from './data/malformed-utf8.ts'
export { perSchema } from './data/per-schema.ts'
export { type CommonSchemas, type Field, Schema, schemaText } from './data/schema.ts'
export { SchemaBuilder } from './data/schema-builder.ts'
export { schemaEquals } from './data/schema-equality.ts'
export { fieldValue, type StructMaker, structMaker } from './data/struct-maker.ts'
export { toJson } from './data/to-json.ts'
export { validateValue } from './data/validate-value.ts'
export type { SchemaType, Struct, Value } from './data/value.ts'
export { valueKey } from './data/value-key.ts'
export { isStruct, kindOf, type ValueKind } from './data/value-kind.ts'
export {
  ConfigError,
  type ConfigIssue,
  ConnectError,
  type ConnectErrorOptions,
  DataError,
  isConfigError,
  isConnectError,
  isDataError,
  isRetriable,
  RetriableError,
} from './errors/connect-error.ts'
export { type ErrorCode, type ErrorCodeFacts, errorCodes } from './errors/error-codes.ts'
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
export type { ConnectRecord, RecordChanges } from './record/connect-record.ts'
export {
  addHeader,
  allHeaders,
  type Header,
  header,
  type Headers,
  lastHeader,
  noHeaders,
  removeHeaders,
} from './record/headers.ts'
export { newRecord } from './record/new-record.ts'
export { type SinkRecord, sinkRecord, type TimestampType } from './record/sink-record.ts'
export {
  type SourceOffset,
  type SourcePartition,
  type SourceRecord,
  type SourceRecordInput,
  sourceRecord,
} from './record/source-record.ts'
export type { TopicPartition, TopicPartitionOffset } from './record/topic-partition.ts'
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
