// Run by a test: copies so many lines from the standard input to the standard output, with where they came from.
import { runSinkTask, runSourceTask, sinkRecordOf } from '@sluice/testkit'
import { fileStreamSink } from '../src/file-stream-sink.ts'
import { fileStreamSource } from '../src/file-stream-source.ts'

const source = await runSourceTask(fileStreamSource, { topic: 'lines' })
const sink = await runSinkTask(fileStreamSink, {})
for (const { value, sourcePartition, sourceOffset } of await source.take(Number(process.argv[2]))) {
  await sink.put([sinkRecordOf({ value: `${String(value)} ${JSON.stringify([sourcePartition, sourceOffset])}` })])
}
await sink.commit()
await source.stop()
await sink.stop()
