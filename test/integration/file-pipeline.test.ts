import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedConnect, linesOf, startEmbeddedConnect } from '../support/embedded-connect.ts'
import { waitUntil } from '../support/wait-until.ts'

let connect: EmbeddedConnect

beforeEach(async () => {
  connect = await startEmbeddedConnect()
})
afterEach(() => connect.stop())

const lines = Array.from({ length: 5_000 }, (_, index) => `${index} Grüße 日本 😀 ${'x'.repeat(index % 200)}`)

test('a file goes through a topic into a file, every line once and in order', async () => {
  const [input, output] = [join(connect.folder, 'in.txt'), join(connect.folder, 'out.txt')]
  writeFileSync(input, `${lines.join('\n')}\n`)
  await connect.create('source', { 'connector.class': 'FileStreamSource', file: input, topic: 'lines' })
  await connect.create('sink', { 'connector.class': 'FileStreamSink', file: output, topics: 'lines' })
  await waitUntil(() => linesOf(output).length >= lines.length, 'all lines to arrive')
  expect(linesOf(output)).toEqual(lines)
  expect(await connect.values('lines')).toEqual(lines)
  await connect.untilRunning('source')
  expect(await connect.status('source')).toEqual({
    name: 'source',
    connector: { state: 'RUNNING', worker_id: connect.worker.workerId, version: '0.1.0' },
    tasks: [{ id: 0, state: 'RUNNING', worker_id: connect.worker.workerId, version: '0.1.0' }],
    type: 'source',
  })
})

test('transforms and predicates change, drop and route records', async () => {
  const input = join(connect.folder, 'in.txt')
  writeFileSync(input, 'a\nb\n')
  await connect.create('source', {
    'connector.class': 'FileStreamSource',
    file: input,
    topic: 'lines',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    transforms: 'hoist,route',
    'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
    'transforms.hoist.field': 'line',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': '(.*)',
    'transforms.route.replacement': 'routed-$1',
  })
  await waitUntil(async () => (await connect.values('routed-lines').catch(() => [])).length >= 2, 'two records')
  expect(await connect.values('routed-lines')).toEqual(['{"line":"a"}', '{"line":"b"}'])
})

test('the tasks are recorded as Connect records them', async () => {
  const input = join(connect.folder, 'in.txt')
  writeFileSync(input, '')
  await connect.create('source', { 'connector.class': 'FileStreamSource', file: input, topic: 'lines' })
  await connect.create('sink', { 'connector.class': 'FileStreamSink', topics: 'lines', 'tasks.max': '2' })
  const { herder } = connect.worker
  const common = { 'connector.class': 'FileStreamSource', file: input, topic: 'lines', name: 'source' }
  expect(await herder.taskConfigs('source')).toEqual([
    {
      id: { connector: 'source', task: 0 },
      config: { ...common, 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' },
    },
  ])
  expect((await herder.taskConfigs('sink')).map(({ id, config }) => [id.task, config['task.class']])).toEqual([
    [0, 'org.apache.kafka.connect.file.FileStreamSinkTask'],
    [1, 'org.apache.kafka.connect.file.FileStreamSinkTask'],
  ])
})

test('changing or deleting one connector restarts no task of another (I11)', async () => {
  await connect.create('still', { 'connector.class': 'SequenceSource', topic: 'still' })
  await connect.create('changing', { 'connector.class': 'SequenceSource', topic: 'changing' })
  await connect.untilRunning('still')
  await connect.untilRunning('changing')
  const before = connect.log.length
  const { herder } = connect.worker
  await herder.putConnectorConfig('changing', { 'connector.class': 'SequenceSource', topic: 'changed' })
  await waitUntil(async () => (await connect.values('changed').catch(() => [])).length > 0, 'records in the new topic')
  await herder.deleteConnector('changing')
  const others = connect.log.slice(before).filter(({ fields }) => fields['connector'] === 'still')
  expect(others).toEqual([])
  await connect.untilRunning('still')
})

test('a connector created while paused or stopped has no tasks', async () => {
  for (const state of ['PAUSED', 'STOPPED'] as const) {
    const config = { 'connector.class': 'SequenceSource', topic: 'idle' }
    await connect.worker.herder.createConnector({ name: state, config, initialState: state })
    expect(await connect.status(state)).toMatchObject({ connector: { state }, tasks: [] })
  }
})

test('goes on from its offset after a stop and a start', async () => {
  const config = { 'connector.class': 'SequenceSource', topic: 'numbers' }
  await connect.create('numbers', config)
  await waitUntil(async () => (await connect.values('numbers').catch(() => [])).length >= 10, 'ten numbers')
  await connect.worker.herder.deleteConnector('numbers')
  const before = await connect.values('numbers')
  await connect.create('numbers', config)
  await waitUntil(async () => (await connect.values('numbers')).length > before.length, 'more numbers')
  const after = await connect.values('numbers')
  expect(after).toEqual(after.map((_, index) => String(index)))
})
