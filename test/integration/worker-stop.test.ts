import { expect, test } from 'vitest'
import { startEmbeddedConnect } from '../support/embedded-connect.ts'
import { waitUntil } from '../support/wait-until.ts'

test('a task that does not stop is abandoned when the budget is used up; the others make their last commits', async () => {
  const connect = await startEmbeddedConnect({
    props: { 'task.shutdown.graceful.timeout.ms': '500', 'offset.flush.interval.ms': '600000' },
  })
  const { herder } = connect.worker
  await connect.create('good', { 'connector.class': 'SequenceSource', topic: 'good' })
  await connect.create('deaf', {
    'connector.class': 'SequenceSource',
    topic: 'deaf',
    misbehaviour: 'never',
    after: '1',
  })
  await waitUntil(async () => (await connect.values('deaf').catch(() => [])).length > 0, 'the deaf task to begin')
  await waitUntil(async () => (await connect.values('good').catch(() => [])).length > 10, 'the good task to write')
  await connect.worker.stop()
  await connect.worker.stopped
  expect(connect.log.filter(({ message }) => message.includes('abandoned')).map(({ fields }) => fields)).toEqual([
    { connector: 'deaf', task: 0 },
  ])
  await expect(herder.createConnector({ name: 'late', config: {} })).rejects.toMatchObject({
    code: 'CONNECT_WORKER_STOPPING',
  })
  const again = await startEmbeddedConnect({ folder: connect.folder, bootstrapServers: connect.bootstrapServers })
  try {
    const before = await again.values('good')
    await again.create('good', { 'connector.class': 'SequenceSource', topic: 'good' })
    await waitUntil(async () => (await again.values('good')).length > before.length, 'the good task to go on')
    const values = await again.values('good')
    expect(values).toEqual(values.map((_, index) => String(index)))
  } finally {
    await again.stop()
    await connect.stop()
  }
})
