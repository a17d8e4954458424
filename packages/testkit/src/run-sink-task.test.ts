import { configSpec, defineSinkConnector, field, type SinkTaskContext } from '@sluice/api'
import { expect, test } from 'vitest'
import { runSinkTask, sinkRecordOf } from './run-sink-task.ts'

const calls: string[] = []

function sink(act: (context: SinkTaskContext) => void = () => {}) {
  return defineSinkConnector({
    name: 'keeper',
    summary: 'Keeps.',
    config: configSpec({ prefix: field.string({ doc: 'Prefix.', default: '>' }) }),
    startTask: ({ prefix }, context) => ({
      put(records) {
        act(context)
        calls.push(...records.map(({ value }) => `${prefix}${value}`))
      },
      open: (partitions) => void calls.push(`open ${partitions.length}`),
      flush: (offsets) => void calls.push(`flush ${offsets.map(({ offset }) => offset)}`),
      close: () => void calls.push(`close ${context.signal.aborted}`),
      stop: () => void calls.push('stop'),
    }),
  })
}

test('opens, puts, flushes up to one past the last record, closes and stops', async () => {
  calls.length = 0
  const run = await runSinkTask(sink(), {})
  await run.put([sinkRecordOf({ value: 'a', offset: 6 }), sinkRecordOf({ value: 'b', offset: 7 })])
  expect(await run.commit()).toEqual([{ topic: 'topic', partition: 0, offset: 8 }])
  await run.stop()
  expect(calls).toEqual(['open 1', '>a', '>b', 'flush 8', 'close true', 'stop'])
})

test('keeps what the task asks of its context', async () => {
  const partition = { topic: 'topic', partition: 0 }
  const asking = sink((context) => {
    context.timeout(5)
    context.offset([{ ...partition, offset: 3 }])
    context.pause([...context.assignment(), { topic: 'topic', partition: 1 }])
    context.resume([partition])
    context.requestCommit()
    void context.errantRecordReporter?.report(sinkRecordOf({ value: 'bad' }), new Error('refused'))
  })
  const run = await runSinkTask(asking, {})
  await run.put([])
  expect(run.timeouts).toEqual([5])
  expect(run.rewinds).toEqual([{ ...partition, offset: 3 }])
  expect(run.paused()).toEqual([{ topic: 'topic', partition: 1 }])
  expect(run.commitRequests()).toBe(1)
  expect(run.reported.map(({ record, error }) => [record.value, error.message])).toEqual([['bad', 'refused']])
})

test('has no reporter when there is none to be', async () => {
  const run = await runSinkTask(
    sink((context) => expect(context.errantRecordReporter).toBe(null)),
    {},
    { reportsErrantRecords: false },
  )
  await run.put([])
})
