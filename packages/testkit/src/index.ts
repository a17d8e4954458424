export {
  arbitraryFieldName,
  arbitrarySchema,
  type ArbitrarySchemaOptions,
  arbitraryStructSchema,
  hostileNames,
} from './arbitrary-schema.ts'
export { arbitraryOf, arbitrarySchemalessValue, arbitraryValue, type ArbitraryValueOptions } from './arbitrary-value.ts'
export { type ContractCase, type Skipped } from './contract-case.ts'
export { converterContract, type ConverterContractOptions, type ConverterExample } from './converter.contract.ts'
export { type Clock, createFakeClock, type FakeClock } from './fake-clock.ts'
export {
  type ConformanceException,
  type ConformanceFinding,
  type ConformanceOptions,
  type ConformanceRule,
  type ConnectorExample,
  pluginFindings,
} from './plugin-conformance.ts'
export {
  recordedRecord,
  type RecordedRecord,
  recordedSchema,
  type RecordedSchema,
  recordedValue,
} from './recorded-data.ts'
export { createRecordingLogger, type LoggedLine, type RecordingLogger } from './recording-logger.ts'
export {
  type ReportedRecord,
  runSinkTask,
  sinkRecordOf,
  type SinkTaskRun,
  type SinkTaskSurroundings,
} from './run-sink-task.ts'
export { runSourceTask, type SourceTaskRun, type SourceTaskSurroundings } from './run-source-task.ts'
export { transformContract, type TransformContractOptions } from './transform.contract.ts'
