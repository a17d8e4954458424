import {
  configSpec,
  defineSourceConnector,
  field,
  nonEmptyString,
  requireConfig,
  type SourceConnectorDefinition,
} from '@sluice/api'
import { checkSourceOffsets } from './alter-source-offsets.ts'
import { startLineTask } from './line-task.ts'

const config = configSpec({
  file: field.string({
    doc: 'Path of the file to read. Without it, lines come from the standard input of the worker.',
    optional: true,
    importance: 'high',
  }),
  topic: field.string({
    doc: 'Topic to which every line is written.',
    importance: 'high',
    check: nonEmptyString,
  }),
  'batch.size': field.int({
    doc: 'Most lines that the task hands over at a time.',
    default: 2000,
    importance: 'low',
  }),
})

/** FileStreamSource: every line of a growing text file becomes a record. */
export const fileStreamSource: SourceConnectorDefinition<typeof config, typeof config> = defineSourceConnector({
  name: 'file-stream-source',
  className: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSourceTask',
  summary: 'Reads a text file line by line, and goes on as it grows.',
  config,
  // There is one file, and its lines have an order: one task, whatever tasks.max says.
  taskConfigs: (given) => [given],
  startTask: (given, context) =>
    startLineTask({ file: given.file ?? null, topic: given.topic, batchSize: given['batch.size'] }, context),
  alterOffsets(props, offsets) {
    checkSourceOffsets(requireConfig(config, props).file ?? '', offsets)
    return true
  },
  exactlyOnceSupport: (given) => (given.file ? 'supported' : 'unsupported'),
})
