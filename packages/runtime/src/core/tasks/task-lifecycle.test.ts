import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newTask, stepTask, type TaskAction, type TaskEvent, type TaskState } from './task-lifecycle.ts'

function run(...events: TaskEvent[]): { state: TaskState; actions: TaskAction[] } {
  const actions: TaskAction[] = []
  let state = newTask
  for (const event of events) {
    const [next, wanted] = stepTask(state, event)
    state = next
    actions.push(...wanted)
  }
  return { state, actions }
}

const start: TaskEvent = { type: 'start', target: 'STARTED' }
const running: TaskEvent = { type: 'running', epoch: 1, nowMs: 0 }
const restart: TaskEvent = {
  type: 'host-lost',
  epoch: 1,
  nowMs: 10,
  verdict: { type: 'restart', isIsolated: false },
}

test('starts, runs, pauses, resumes and stops', () => {
  const { state, actions } = run(
    start,
    running,
    { type: 'pause' },
    { type: 'paused', epoch: 1 },
    { type: 'resume' },
    running,
    { type: 'stop' },
    { type: 'stopped', epoch: 1 },
  )
  expect(actions).toEqual([
    { type: 'launch', epoch: 1, target: 'STARTED', isIsolated: false },
    { type: 'show', status: 'RUNNING', trace: null },
    { type: 'pause', epoch: 1 },
    { type: 'show', status: 'PAUSED', trace: null },
    { type: 'resume', epoch: 1 },
    { type: 'show', status: 'RUNNING', trace: null },
    { type: 'stop', epoch: 1 },
    { type: 'show', status: 'UNASSIGNED', trace: null },
  ])
  expect(state.phase).toBe('idle')
})

test('a task created while paused is launched as paused', () => {
  expect(run({ type: 'start', target: 'PAUSED' }).actions).toEqual([
    { type: 'launch', epoch: 1, target: 'PAUSED', isIsolated: false },
  ])
})

test('a failed task stays failed, with its trace, until it is restarted', () => {
  const failed = run(start, running, { type: 'failed', epoch: 1, trace: 'boom' })
  expect(failed.state).toMatchObject({ phase: 'failed', status: 'FAILED', trace: 'boom' })
  const later = run(start, running, { type: 'failed', epoch: 1, trace: 'boom' }, running, { type: 'resume' })
  expect(later.state).toMatchObject({ phase: 'failed', status: 'FAILED' })
  const again = run(start, { type: 'failed', epoch: 1, trace: 'boom' }, { type: 'restart' })
  expect(again.actions.at(-1)).toEqual({ type: 'launch', epoch: 2, target: 'STARTED', isIsolated: false })
})

test('a restart waits for the old incarnation to end', () => {
  const before = run(start, running, { type: 'restart' })
  expect(before.actions.at(-1)).toEqual({ type: 'stop', epoch: 1 })
  const after = run(start, running, { type: 'restart' }, { type: 'stopped', epoch: 1 })
  expect(after.actions.at(-1)).toEqual({ type: 'launch', epoch: 2, target: 'STARTED', isIsolated: false })
})

test('one that does not stop in time is abandoned before the next is launched (I6)', () => {
  const { actions } = run(start, running, { type: 'restart' }, { type: 'stop-timed-out', epoch: 1 })
  expect(actions.slice(-2)).toEqual([
    { type: 'abandon', epoch: 1 },
    { type: 'launch', epoch: 2, target: 'STARTED', isIsolated: false },
  ])
})

test('a neighbour of a culprit starts again at once, as RESTARTING until it runs', () => {
  const { state, actions } = run(start, running, restart, { type: 'relaunch-due', epoch: 1 })
  expect(actions.slice(-3)).toEqual([
    { type: 'show', status: 'RESTARTING', trace: null },
    { type: 'relaunch-after', epoch: 1, delayMs: 0 },
    { type: 'launch', epoch: 2, target: 'STARTED', isIsolated: false },
  ])
  expect(state.losses).toBe(1)
})

test('the delay grows while hosts go on dying, and is forgotten once the task has run for a minute', () => {
  const lost = (epoch: number, nowMs: number): TaskEvent => ({ ...restart, epoch, nowMs }) as TaskEvent
  const delays = (events: TaskEvent[]): number[] =>
    run(...events).actions.flatMap((action) => (action.type === 'relaunch-after' ? [action.delayMs] : []))
  const cycle = (epoch: number): TaskEvent[] => [lost(epoch, 0), { type: 'relaunch-due', epoch }]
  expect(delays([start, ...[1, 2, 3, 4].flatMap(cycle)])).toEqual([0, 1_000, 2_000, 4_000])
  expect(delays([start, ...cycle(1), ...cycle(2), { type: 'running', epoch: 3, nowMs: 0 }, lost(3, 60_000)])).toEqual([
    0, 1_000, 0,
  ])
})

test('the culprit fails and is not started again', () => {
  const { state } = run(start, running, {
    type: 'host-lost',
    epoch: 1,
    nowMs: 1,
    verdict: { type: 'fail', trace: 'it hung' },
  })
  expect(state).toMatchObject({ phase: 'failed', status: 'FAILED', trace: 'it hung' })
})

test('a stop is answered even when the host goes away or the task fails meanwhile', () => {
  for (const last of [restart, { type: 'failed', epoch: 1, trace: 'late' } as TaskEvent]) {
    expect(run(start, running, { type: 'stop' }, last).state).toMatchObject({ phase: 'idle', status: 'UNASSIGNED' })
  }
})

// ---- the property: at most one incarnation, whatever comes in whatever order.
const epoch = fc.integer({ min: 0, max: 6 })
const nowMs = fc.integer({ min: 0, max: 200_000 })
const anyEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.constantFrom<TaskEvent>(
    start,
    { type: 'start', target: 'PAUSED' },
    { type: 'restart' },
    { type: 'pause' },
    { type: 'resume' },
    { type: 'stop' },
  ),
  fc.record({ type: fc.constantFrom('relaunch-due' as const, 'stop-timed-out' as const, 'paused' as const), epoch }),
  fc.record({ type: fc.constant('running' as const), epoch, nowMs }),
  fc.record({ type: fc.constant('failed' as const), epoch, trace: fc.constant('boom') }),
  fc.record({ type: fc.constant('stopped' as const), epoch }),
  fc.record({
    type: fc.constant('host-lost' as const),
    epoch,
    nowMs,
    verdict: fc.oneof(
      fc.record({ type: fc.constant('restart' as const), isIsolated: fc.boolean() }),
      fc.record({ type: fc.constant('fail' as const), trace: fc.constant('it hung') }),
    ),
  }),
)
const ending: ReadonlySet<TaskEvent['type']> = new Set(['stopped', 'failed', 'host-lost', 'stop-timed-out'])

test('there is never more than one incarnation, and an older one is never heard (I6)', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let state = newTask
      let alive: number | null = null
      for (const event of events) {
        const before = state
        const [next, actions] = stepTask(state, event)
        state = next
        if ('epoch' in event && event.epoch !== before.epoch) expect(next).toBe(before)
        else if (ending.has(event.type) && next !== before) alive = null
        for (const action of actions) {
          if (action.type === 'abandon') expect(action.epoch).toBe(before.epoch)
          if (action.type !== 'launch') continue
          expect(alive).toBeNull()
          expect(action.epoch).toBe(before.epoch + 1)
          alive = action.epoch
        }
        expect(state.phase === 'live' || state.phase === 'stopping').toBe(alive !== null)
        expect(state.status === 'FAILED').toBe(state.phase === 'failed')
      }
    }),
    { seed: 6, numRuns: 2_000 },
  )
})
