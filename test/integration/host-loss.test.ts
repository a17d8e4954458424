import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedConnect, linesOf, startEmbeddedConnect } from '../support/embedded-connect.ts'
import { waitUntil } from '../support/wait-until.ts'

let connect: EmbeddedConnect

beforeEach(async () => {
  // One host for all, so that everybody is everybody's neighbour.
  connect = await startEmbeddedConnect({ props: { 'sluice.hosts': '1', 'sluice.host.unresponsive.ms': '2000' } })
})
afterEach(() => connect.stop())

async function createNeighbours(misbehaviour: string): Promise<void> {
  await connect.create('neighbour', { 'connector.class': 'SequenceSource', topic: 'neighbour' })
  await connect.create('sink', {
    'connector.class': 'FileStreamSink',
    topics: 'neighbour',
    file: join(connect.folder, 'out.txt'),
  })
  await connect.untilRunning('neighbour')
  await connect.untilRunning('sink')
  await connect.create('culprit', { 'connector.class': 'SequenceSource', topic: 'culprit', misbehaviour })
}

/** The neighbours go on, lose nothing, and repeat at most what was not committed. */
async function expectNeighboursGoOn(): Promise<void> {
  await connect.untilRunning('neighbour')
  await connect.untilRunning('sink')
  const { length } = await connect.values('neighbour')
  await waitUntil(async () => (await connect.values('neighbour')).length > length + 20, 'the neighbour to go on')
  const values = (await connect.values('neighbour')).map(Number)
  expect([...new Set(values)]).toEqual(Array.from({ length: Math.max(...values) + 1 }, (_, index) => index))
  const out = join(connect.folder, 'out.txt')
  const last = String(values.at(-1))
  await waitUntil(() => linesOf(out).includes(last), 'the sink to go on')
  expect([...new Set(linesOf(out).map(Number))].slice(0, values.length)).toEqual(
    Array.from({ length: new Set(linesOf(out)).size }, (_, index) => index),
  )
}

test.each([
  ['hang', /^Running culprit-0 in poll\(\): its host process did not answer for 2000 ms and was ended/],
  ['exit', /^Running culprit-0 in poll\(\): its host process exited with code 3\./],
])(
  'a task that lets its host %s fails alone; its neighbours start again on a fresh host',
  async (misbehaviour, trace) => {
    await createNeighbours(misbehaviour)
    expect(await connect.untilTask('culprit', 0, 'FAILED')).toMatch(trace)
    await expectNeighboursGoOn()
    expect(connect.hosts()).toHaveLength(1)
  },
)

test('one that hangs where no mark can tell is found by giving each suspect a host of its own', async () => {
  await createNeighbours('hang-later')
  expect(await connect.untilTask('culprit', 0, 'FAILED')).toMatch(
    /^Running culprit-0.*: its host process did not answer/,
  )
  await expectNeighboursGoOn()
})

test('an error thrown behind its back fails the task that caused it, and nobody else', async () => {
  await createNeighbours('throw-stray')
  expect(await connect.untilTask('culprit', 0, 'FAILED')).toMatch(/^Error: nobody awaits this\n\tat /)
  await connect.untilRunning('neighbour')
  expect(connect.log.filter(({ message }) => message === 'A host is gone.')).toEqual([])
})

test('an error of poll fails the task with its trace', async () => {
  await createNeighbours('throw')
  expect(await connect.untilTask('culprit', 0, 'FAILED')).toMatch(/^Error: it was told to throw\n\tat /)
})

test('while a host hangs, everything is still answered at once (I4)', async () => {
  await createNeighbours('hang')
  await waitUntil(
    async () => (await connect.values('culprit').catch(() => [])).length >= 10,
    'the culprit to be about to hang',
  )
  const { herder } = connect.worker
  let slowestMs = 0
  let isOver = false
  while (!isOver) {
    const startedAt = performance.now()
    expect(await herder.connectors()).toEqual(['neighbour', 'sink', 'culprit'])
    isOver = (await herder.connectorStatus('culprit')).tasks[0]?.state === 'FAILED'
    await fetch(`${connect.worker.restUrls[0]}/connectors`).then((answer) => answer.text())
    slowestMs = Math.max(slowestMs, performance.now() - startedAt)
  }
  // Far below the time for which the host hangs.
  expect(slowestMs).toBeLessThan(1_000)
})

test('a host killed from outside fails nobody', async () => {
  await createNeighbours('none')
  await connect.untilRunning('culprit')
  process.kill(connect.hosts()[0]!, 'SIGKILL')
  await waitUntil(() => connect.log.some(({ message }) => message === 'A host is gone.'), 'the host to be gone')
  await expectNeighboursGoOn()
  await connect.untilRunning('culprit')
})
