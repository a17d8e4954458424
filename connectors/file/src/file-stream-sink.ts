import {
  configSpec,
  defineSinkConnector,
  field,
  isRetriable,
  type SinkConnectorDefinition,
  type SinkTask,
  type SinkTaskContext,
} from '@sluice/api'
import { openFileOutput } from './file-output.ts'
import { linesOf } from './sink-text.ts'
import { openStdoutOutput } from './stdout-output.ts'

const config = configSpec({
  file: field.string({
    doc: 'Path of the file to append to. Without it, lines go to the standard output of the worker.',
    optional: true,
    importance: 'high',
  }),
})

const retryMs = 1000

async function startTask(file: string | undefined, context: SinkTaskContext): Promise<SinkTask> {
  const output = file ? await openFileOutput(file) : openStdoutOutput(process.stdout)
  return {
    async put(records) {
      if (records.length === 0) return
      try {
        await output.append(linesOf(records))
      } catch (error) {
        if (isRetriable(error)) context.timeout(retryMs)
        throw error
      }
    },
    // I1: what was put is on the disk when this returns.
    flush: () => output.sync(),
    stop: () => output.close(),
  }
}

/** FileStreamSink: the text of every record's value becomes a line. */
export const fileStreamSink: SinkConnectorDefinition<typeof config, typeof config> = defineSinkConnector({
  name: 'file-stream-sink',
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSinkTask',
  summary: 'Appends the text of every value, as Java prints it, to a file, one line each.',
  config,
  startTask: (given, context) => startTask(given.file, context),
  // Lines cannot be taken back, and any offset is a place to go on from.
  alterOffsets: () => true,
})
