import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Offsets,
  type SinkCommitAction,
  type SinkCommitEvent,
  type SinkCommitState,
  startSinkCommit,
  stepSinkCommit,
} from './sink-commit.ts'

const settings = { intervalMs: 100, timeoutMs: 50 }

function offsets(of: Readonly<Record<string, number>>): Offsets {
  return new Map(Object.entries(of))
}

function run(...events: SinkCommitEvent[]): { state: SinkCommitState; actions: SinkCommitAction[] } {
  const actions: SinkCommitAction[] = []
  let state = startSinkCommit(settings, 0)
  for (const event of events) {
    const [next, wanted] = stepSinkCommit(state, event)
    state = next
    actions.push(...wanted)
  }
  return { state, actions }
}

const assigned: SinkCommitEvent = { type: 'assigned', offsets: offsets({ 't-0': 5, 't-1': 0 }) }
const delivered: SinkCommitEvent = { type: 'delivered', offsets: offsets({ 't-0': 9 }) }

test('commits at the interval what was delivered, after asking the task', () => {
  const { state, actions } = run(
    assigned,
    delivered,
    { type: 'tick', nowMs: 99 },
    { type: 'tick', nowMs: 100 },
    { type: 'pre-committed', sequence: 1, offsets: offsets({ 't-0': 9, 't-1': 0 }) },
    { type: 'commit-succeeded', sequence: 1 },
  )
  expect(actions).toEqual([
    { type: 'pre-commit', sequence: 1, offsets: offsets({ 't-0': 9, 't-1': 0 }), isClosing: false },
    { type: 'commit', sequence: 1, offsets: offsets({ 't-0': 9, 't-1': 0 }), isClosing: false },
    { type: 'finished', sequence: 1, outcome: 'committed' },
  ])
  expect(state.committed).toEqual(offsets({ 't-0': 9, 't-1': 0 }))
  expect(state.nextAtMs).toBe(200)
})

test('commits at once when the task asks for it', () => {
  const { actions } = run(assigned, delivered, { type: 'commit-requested' }, { type: 'tick', nowMs: 1 })
  expect(actions).toHaveLength(1)
  expect(actions[0]).toMatchObject({ type: 'pre-commit', sequence: 1 })
})

test('sends nothing to Kafka when nothing changed', () => {
  const { actions } = run(
    assigned,
    { type: 'tick', nowMs: 100 },
    { type: 'pre-committed', sequence: 1, offsets: offsets({ 't-0': 5, 't-1': 0 }) },
  )
  expect(actions.at(-1)).toEqual({ type: 'finished', sequence: 1, outcome: 'nothing-new' })
})

test('leaves a partition that the task leaves out where it was', () => {
  const { actions } = run(
    assigned,
    { type: 'delivered', offsets: offsets({ 't-0': 9, 't-1': 3 }) },
    { type: 'tick', nowMs: 100 },
    { type: 'pre-committed', sequence: 1, offsets: offsets({ 't-1': 2 }) },
  )
  expect(actions.at(-1)).toMatchObject({ type: 'commit', offsets: offsets({ 't-0': 5, 't-1': 2 }) })
})

test('ignores offsets beyond what was delivered, and of partitions it was not asked about (I1)', () => {
  const { actions } = run(
    assigned,
    delivered,
    { type: 'closing', partitions: ['t-0'], nowMs: 1 },
    { type: 'pre-committed', sequence: 1, offsets: offsets({ 't-0': 10, 't-1': 0, 't-9': 1 }) },
  )
  expect(actions.slice(1)).toEqual([
    { type: 'offset-ignored', partition: 't-0', offset: 10, reason: 'beyond-delivered' },
    { type: 'offset-ignored', partition: 't-1', offset: 0, reason: 'not-asked' },
    { type: 'offset-ignored', partition: 't-9', offset: 1, reason: 'not-assigned' },
    { type: 'finished', sequence: 1, outcome: 'nothing-new' },
  ])
})

test('a task that cannot flush is rewound to what is committed', () => {
  const { state, actions } = run(
    assigned,
    delivered,
    { type: 'tick', nowMs: 100 },
    { type: 'pre-commit-failed', sequence: 1 },
  )
  expect(actions.slice(1)).toEqual([
    { type: 'rewind', offsets: offsets({ 't-0': 5, 't-1': 0 }) },
    { type: 'finished', sequence: 1, outcome: 'failed' },
  ])
  expect(state.current).toEqual(offsets({ 't-0': 5, 't-1': 0 }))
  expect(state.failures).toBe(1)
})

test('a task that cannot flush on its way out is not rewound, and nothing is committed', () => {
  const { actions } = run(
    assigned,
    delivered,
    { type: 'closing', partitions: ['t-0', 't-1'], nowMs: 1 },
    { type: 'pre-commit-failed', sequence: 1 },
  )
  expect(actions.slice(1)).toEqual([{ type: 'finished', sequence: 1, outcome: 'failed' }])
})

test('a commit that takes too long is given up, and its late answer changes nothing', () => {
  const { state, actions } = run(
    assigned,
    delivered,
    { type: 'tick', nowMs: 100 },
    { type: 'pre-committed', sequence: 1, offsets: offsets({ 't-0': 9 }) },
    { type: 'tick', nowMs: 149 },
    { type: 'tick', nowMs: 150 },
    { type: 'commit-succeeded', sequence: 1 },
  )
  expect(actions.at(-1)).toEqual({ type: 'finished', sequence: 1, outcome: 'timed-out' })
  expect(state.committed).toEqual(offsets({ 't-0': 5, 't-1': 0 }))
})

test('a closing commit takes the place of one under way', () => {
  const { actions } = run(
    assigned,
    delivered,
    { type: 'tick', nowMs: 100 },
    { type: 'pre-committed', sequence: 1, offsets: offsets({ 't-0': 9 }) },
    { type: 'closing', partitions: ['t-0', 't-1'], nowMs: 110 },
    { type: 'commit-failed', sequence: 1 },
  )
  expect(actions.slice(2)).toEqual([
    { type: 'finished', sequence: 1, outcome: 'superseded' },
    { type: 'pre-commit', sequence: 2, offsets: offsets({ 't-0': 9, 't-1': 0 }), isClosing: true },
  ])
})

test('positions that the task set itself count as committed', () => {
  const { state } = run(assigned, delivered, { type: 'moved', offsets: offsets({ 't-0': 2 }) })
  expect(state.current.get('t-0')).toBe(2)
  expect(state.committed.get('t-0')).toBe(2)
})

// ---- the property: whatever happens in whatever order, nothing is committed that was not delivered under this
// assignment, and what is taken for committed is what was sent under the number that was answered.
const partitions = ['t-0', 't-1', 't-2']
const partition = fc.constantFrom(...partitions)
const positions = fc.dictionary(partition, fc.integer({ min: 0, max: 40 }), { noNullPrototype: true })
const sequence = fc.integer({ min: 0, max: 8 })
const anyEvent: fc.Arbitrary<SinkCommitEvent> = fc.oneof(
  fc.record({ type: fc.constant('tick' as const), nowMs: fc.integer({ min: 0, max: 2_000 }) }),
  positions.map((of): SinkCommitEvent => ({ type: 'assigned', offsets: offsets(of) })),
  positions.map((of): SinkCommitEvent => ({ type: 'delivered', offsets: offsets(of) })),
  positions.map((of): SinkCommitEvent => ({ type: 'moved', offsets: offsets(of) })),
  fc.constant<SinkCommitEvent>({ type: 'commit-requested' }),
  fc.record({ type: fc.constant('closing' as const), partitions: fc.uniqueArray(partition), nowMs: fc.nat(2_000) }),
  fc.record({ type: fc.constant('removed' as const), partitions: fc.uniqueArray(partition) }),
  fc
    .tuple(sequence, positions)
    .map(([number, of]): SinkCommitEvent => ({ type: 'pre-committed', sequence: number, offsets: offsets(of) })),
  fc.record({ type: fc.constant('pre-commit-failed' as const), sequence }),
  fc.record({ type: fc.constant('commit-succeeded' as const), sequence }),
  fc.record({ type: fc.constant('commit-failed' as const), sequence }),
)

/** What was really delivered, followed independently of the machine. */
function follow(delivered: Map<string, number>, event: SinkCommitEvent): void {
  if (event.type === 'assigned' || event.type === 'moved') {
    for (const [key, offset] of event.offsets) delivered.set(key, offset)
  } else if (event.type === 'delivered') {
    for (const [key, offset] of event.offsets) if (delivered.has(key)) delivered.set(key, offset)
  } else if (event.type === 'removed') {
    for (const key of event.partitions) delivered.delete(key)
  }
}

/** The machine beside what really happened, and what it asked for so far. */
interface Run {
  state: SinkCommitState
  readonly delivered: Map<string, number>
  readonly asked: Map<number, Offsets>
  readonly sent: Map<number, Offsets>
}

function checkAction(run: Run, before: SinkCommitState, action: SinkCommitAction): void {
  if (action.type === 'rewind') {
    for (const [key, offset] of action.offsets) run.delivered.set(key, offset)
  } else if (action.type === 'pre-commit') {
    expect(action.sequence).toBeGreaterThan(before.sequence)
    for (const [key, offset] of action.offsets) expect(offset).toBe(run.delivered.get(key))
    run.asked.set(action.sequence, action.offsets)
  } else if (action.type === 'commit') {
    expect(run.sent.has(action.sequence)).toBe(false)
    run.sent.set(action.sequence, action.offsets)
    for (const [key, offset] of action.offsets) {
      // Either delivered when the task was asked, or what Kafka was known to have.
      const isDelivered = offset <= run.asked.get(action.sequence)!.get(key)!
      expect(isDelivered || offset === before.committed.get(key)).toBe(true)
    }
  }
}

function checkStep(run: Run, event: SinkCommitEvent): void {
  const before = run.state
  const [next, actions] = stepSinkCommit(before, event)
  run.state = next
  follow(run.delivered, event)
  for (const action of actions) checkAction(run, before, action)
  if (event.type === 'commit-succeeded' && next.committed !== before.committed) {
    expect(before.underWay?.sequence).toBe(event.sequence)
    for (const [key, offset] of run.sent.get(event.sequence)!) {
      if (next.committed.has(key)) expect(next.committed.get(key)).toBe(offset)
    }
  }
  expect(new Map(next.current)).toEqual(run.delivered)
}

test('never commits what was not delivered, whatever happens in whatever order (I1)', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const machine = { state: startSinkCommit(settings, 0), delivered: new Map(), asked: new Map(), sent: new Map() }
      for (const event of events) checkStep(machine, event)
    }),
    { seed: 1, numRuns: 2_000 },
  )
})
