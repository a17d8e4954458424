// Run by a test under a limit on the size of files: one batch below the limit, one across it. Prints what came of it.
import { runSinkTask, sinkRecordOf } from '@sluice/testkit'
import { fileStreamSink } from '../src/file-stream-sink.ts'

const [file = ''] = process.argv.slice(2)
const run = await runSinkTask(fileStreamSink, { file })
await run.put([sinkRecordOf({ value: 'small' })])
const error = await run.put([sinkRecordOf({ value: 'x'.repeat(4000) })]).catch((thrown: unknown) => thrown)
await run.commit()
await run.stop()
process.stdout.write(String(error))
