import { configSpec, defineSourceConnector, field, isConfigError, type RecordMetadata, Schema } from '@sluice/api'
import { expect, test } from 'vitest'
import { runSourceTask } from './run-source-task.ts'

const calls: string[] = []

/** Counts on from the saved offset, three numbers at a time, in as many tasks as allowed. */
const counter = defineSourceConnector({
  name: 'counter',
  summary: 'Counts.',
  config: configSpec({ topic: field.string({ doc: 'Topic.' }) }),
  taskConfig: configSpec({ topic: field.string({ doc: 'Topic.' }), lane: field.int({ doc: 'Lane.' }) }),
  taskConfigs: ({ topic }, maxTasks) => Array.from({ length: maxTasks }, (_, lane) => ({ topic, lane })),
  async startTask({ topic, lane }, context) {
    const sourcePartition = { lane }
    let next = Number((await context.offsets.get(sourcePartition))?.['next'] ?? 0)
    context.log.info('Counting', { lane, from: next })
    return {
      poll() {
        if (context.signal.aborted) return null
        return [1, 2, 3].map(() => {
          const value = next++
          return { topic, sourcePartition, sourceOffset: { next }, valueSchema: Schema.int32, value }
        })
      },
      commitRecord: ({ value }, metadata: RecordMetadata | null) => void calls.push(`${value} at ${metadata?.offset}`),
      commit: () => void calls.push('commit'),
      stop: () => void calls.push('stop'),
    }
  },
})

test('gives the records as the runtime sees them, whole', async () => {
  const run = await runSourceTask(counter, { topic: 't' })
  const [first] = await run.poll()
  expect(first).toMatchObject({ topic: 't', partition: null, key: null, value: 0, timestamp: null, headers: [] })
  expect(run.config).toEqual({ topic: 't', lane: '0' })
  expect(run.log.at('info')).toEqual([{ level: 'info', message: 'Counting', fields: { lane: 0, from: 0 } }])
  await run.stop()
})

test('starts the task that is asked for, where it was left', async () => {
  const run = await runSourceTask(
    counter,
    { topic: 't' },
    { maxTasks: 2, task: 1, offsets: [{ partition: { lane: 1 }, offset: { next: 40 } }] },
  )
  const records = await run.take(4)
  expect(records.map(({ value }) => value)).toEqual([40, 41, 42, 43, 44, 45])
  await run.stop()
  await expect(runSourceTask(counter, { topic: 't' }, { task: 1 })).rejects.toThrow(
    'The connector has 1 tasks; there is no task 1.',
  )
})

test('acknowledges records, then tells of the commit, and stops with the signal aborted', async () => {
  const run = await runSourceTask(counter, { topic: 't' })
  calls.length = 0
  await run.commit(await run.poll())
  await run.stop()
  expect(calls).toEqual(['0 at 0', '1 at 1', '2 at 2', 'commit', 'stop'])
  expect(await run.poll()).toEqual([])
})

test('says how many records were missing', async () => {
  const run = await runSourceTask(counter, { topic: 't' })
  await run.stop()
  await expect(run.take(1, 1)).rejects.toThrow('0 of 1 records came in 1 ms.')
})

test('refuses a config that is not valid', async () => {
  await expect(runSourceTask(counter, {})).rejects.toSatisfy(isConfigError)
})
