/**
 * When a sink task commits which offsets, as a machine: take an event, `stepSinkCommit`, perform the actions, feed
 * their results back as events.
 *
 * Per partition two offsets are kept: `current`, the position after the last record that `put` took or that was
 * dropped on purpose, and `committed`, what Kafka knows. A commit asks the task first (`pre-commit`); what it answers
 * is committed as far as it is not beyond `current` (I1). Commits are numbered: the answer to an older one changes
 * nothing, since its partitions may have left and come back in between.
 *
 *     tick → pre-commit(7) → pre-committed(7) → commit(7) → commit-succeeded(7)
 *                          ↘ pre-commit-failed(7) → rewind to what is committed
 *
 * A commit on the way out (revoked, stopping) is the same with `closing`: the caller awaits it before it goes on, and
 * a task that fails in it is not rewound, since its partitions leave anyway.
 */
export type Offsets = ReadonlyMap<string, number>

export interface SinkCommitSettings {
  readonly intervalMs: number
  readonly timeoutMs: number
}

export interface CommitUnderWay {
  readonly sequence: number
  readonly startedAtMs: number
  readonly isClosing: boolean
  /** What the task was asked about: `current` of these partitions when it was asked. */
  readonly asked: Offsets
  /** What was sent to Kafka, once the task has answered. */
  readonly sent: Offsets | null
}

export interface SinkCommitState {
  readonly settings: SinkCommitSettings
  readonly current: Offsets
  readonly committed: Offsets
  /** Of the newest commit. */
  readonly sequence: number
  readonly underWay: CommitUnderWay | null
  readonly isRequested: boolean
  readonly nextAtMs: number
  /** Commits in a row that failed or took too long. */
  readonly failures: number
}

export type SinkCommitEvent =
  | { readonly type: 'tick'; readonly nowMs: number }
  /** Partitions that are the task's from now on, with their positions. */
  | { readonly type: 'assigned'; readonly offsets: Offsets }
  /** Positions after what `put` has taken, or what was dropped on purpose. */
  | { readonly type: 'delivered'; readonly offsets: Offsets }
  /** The task moved its positions itself: these count as committed, too. */
  | { readonly type: 'moved'; readonly offsets: Offsets }
  | { readonly type: 'commit-requested' }
  /** The partitions leave, or the task stops: a last commit of theirs. */
  | { readonly type: 'closing'; readonly partitions: readonly string[]; readonly nowMs: number }
  /** The partitions are gone, committed or not. */
  | { readonly type: 'removed'; readonly partitions: readonly string[] }
  | { readonly type: 'pre-committed'; readonly sequence: number; readonly offsets: Offsets }
  | { readonly type: 'pre-commit-failed'; readonly sequence: number }
  | { readonly type: 'commit-succeeded'; readonly sequence: number }
  | { readonly type: 'commit-failed'; readonly sequence: number }

export type SinkCommitOutcome = 'committed' | 'nothing-new' | 'failed' | 'timed-out' | 'superseded'

export type SinkCommitAction =
  | { readonly type: 'pre-commit'; readonly sequence: number; readonly offsets: Offsets; readonly isClosing: boolean }
  | { readonly type: 'commit'; readonly sequence: number; readonly offsets: Offsets; readonly isClosing: boolean }
  | { readonly type: 'rewind'; readonly offsets: Offsets }
  | { readonly type: 'finished'; readonly sequence: number; readonly outcome: SinkCommitOutcome }
  | {
      readonly type: 'offset-ignored'
      readonly partition: string
      readonly offset: number
      readonly reason: 'beyond-delivered' | 'not-assigned' | 'not-asked'
    }

export type SinkCommitStep = readonly [SinkCommitState, readonly SinkCommitAction[]]

export function startSinkCommit(settings: SinkCommitSettings, nowMs: number): SinkCommitState {
  return {
    settings,
    current: new Map(),
    committed: new Map(),
    sequence: 0,
    underWay: null,
    isRequested: false,
    nextAtMs: nowMs + settings.intervalMs,
    failures: 0,
  }
}

export function stepSinkCommit(state: SinkCommitState, event: SinkCommitEvent): SinkCommitStep {
  switch (event.type) {
    case 'tick':
      return tick(state, event.nowMs)
    case 'assigned':
    case 'moved':
      return [
        { ...state, current: merge(state.current, event.offsets), committed: merge(state.committed, event.offsets) },
        [],
      ]
    case 'delivered':
      return [{ ...state, current: merge(state.current, only(event.offsets, state.current)) }, []]
    case 'commit-requested':
      return [{ ...state, isRequested: true }, []]
    case 'closing':
      return begin(state, { partitions: event.partitions, nowMs: event.nowMs, isClosing: true })
    case 'removed':
      return remove(state, event.partitions)
    case 'pre-committed':
      return preCommitted(state, event.sequence, event.offsets)
    case 'pre-commit-failed':
      return preCommitFailed(state, event.sequence)
    case 'commit-succeeded':
      return commitSucceeded(state, event.sequence)
    case 'commit-failed':
      return commitFailed(state, event.sequence)
  }
}

function tick(state: SinkCommitState, nowMs: number): SinkCommitStep {
  const { underWay, settings } = state
  if (underWay === null) {
    if (!state.isRequested && nowMs < state.nextAtMs) return [state, []]
    const scheduled = { ...state, isRequested: false, nextAtMs: nowMs + settings.intervalMs }
    return begin(scheduled, { partitions: [...state.current.keys()], nowMs, isClosing: false })
  }
  if (nowMs < underWay.startedAtMs + settings.timeoutMs) return [state, []]
  return [
    { ...state, underWay: null, failures: state.failures + 1 },
    [{ type: 'finished', sequence: underWay.sequence, outcome: 'timed-out' }],
  ]
}

interface Beginning {
  readonly partitions: readonly string[]
  readonly nowMs: number
  readonly isClosing: boolean
}

function begin(state: SinkCommitState, { partitions, nowMs, isClosing }: Beginning): SinkCommitStep {
  const asked = pick(state.current, partitions)
  const actions: SinkCommitAction[] = []
  // Only a closing commit meets one under way: its answer, when it comes, belongs to a time that is over.
  if (state.underWay) actions.push({ type: 'finished', sequence: state.underWay.sequence, outcome: 'superseded' })
  if (asked.size === 0) return [{ ...state, underWay: null }, actions]
  const sequence = state.sequence + 1
  actions.push({ type: 'pre-commit', sequence, offsets: asked, isClosing })
  return [{ ...state, sequence, underWay: { sequence, startedAtMs: nowMs, isClosing, asked, sent: null } }, actions]
}

function preCommitted(state: SinkCommitState, sequence: number, answered: Offsets): SinkCommitStep {
  const { underWay } = state
  if (underWay?.sequence !== sequence || underWay.sent) return [state, []]
  const before = pick(state.committed, [...underWay.asked.keys()])
  const sent = new Map(before)
  const actions: SinkCommitAction[] = []
  for (const [partition, offset] of answered) {
    const reason = refusal(state, underWay, { partition, offset })
    if (reason) actions.push({ type: 'offset-ignored', partition, offset, reason })
    else sent.set(partition, offset)
  }
  if (sameOffsets(sent, before)) {
    const finished: SinkCommitAction = { type: 'finished', sequence, outcome: 'nothing-new' }
    return [{ ...state, underWay: null, failures: 0 }, [...actions, finished]]
  }
  actions.push({ type: 'commit', sequence, offsets: sent, isClosing: underWay.isClosing })
  return [{ ...state, underWay: { ...underWay, sent } }, actions]
}

interface AnsweredOffset {
  readonly partition: string
  readonly offset: number
}

// I1: what is beyond the delivered records is not safe in the target, whatever the task says.
function refusal(state: SinkCommitState, underWay: CommitUnderWay, { partition, offset }: AnsweredOffset) {
  const asked = underWay.asked.get(partition)
  if (asked !== undefined) return offset > asked ? 'beyond-delivered' : null
  return state.current.has(partition) ? 'not-asked' : 'not-assigned'
}

function preCommitFailed(state: SinkCommitState, sequence: number): SinkCommitStep {
  const { underWay } = state
  if (underWay?.sequence !== sequence) return [state, []]
  const finished: SinkCommitAction = { type: 'finished', sequence, outcome: 'failed' }
  const failed = { ...state, underWay: null, failures: state.failures + 1 }
  if (underWay.isClosing) return [failed, [finished]]
  const offsets = pick(state.committed, [...underWay.asked.keys()])
  return [{ ...failed, current: merge(state.current, offsets) }, [{ type: 'rewind', offsets }, finished]]
}

function commitSucceeded(state: SinkCommitState, sequence: number): SinkCommitStep {
  const { underWay } = state
  if (underWay?.sequence !== sequence || !underWay.sent) return [state, []]
  const committed = merge(state.committed, only(underWay.sent, state.committed))
  return [{ ...state, committed, underWay: null, failures: 0 }, [{ type: 'finished', sequence, outcome: 'committed' }]]
}

function commitFailed(state: SinkCommitState, sequence: number): SinkCommitStep {
  if (state.underWay?.sequence !== sequence) return [state, []]
  return [
    { ...state, underWay: null, failures: state.failures + 1 },
    [{ type: 'finished', sequence, outcome: 'failed' }],
  ]
}

function remove(state: SinkCommitState, partitions: readonly string[]): SinkCommitStep {
  const current = without(state.current, partitions)
  const committed = without(state.committed, partitions)
  const { underWay } = state
  // A commit that was about one of them can no longer be believed: the partition may come back in another generation.
  if (!underWay || !partitions.some((partition) => underWay.asked.has(partition))) {
    return [{ ...state, current, committed }, []]
  }
  return [
    { ...state, current, committed, underWay: null },
    [{ type: 'finished', sequence: underWay.sequence, outcome: 'superseded' }],
  ]
}

function merge(into: Offsets, offsets: Offsets): Offsets {
  if (offsets.size === 0) return into
  const merged = new Map(into)
  for (const [partition, offset] of offsets) merged.set(partition, offset)
  return merged
}

function pick(offsets: Offsets, partitions: readonly string[]): Offsets {
  const picked = new Map<string, number>()
  for (const partition of partitions) {
    const offset = offsets.get(partition)
    if (offset !== undefined) picked.set(partition, offset)
  }
  return picked
}

function only(offsets: Offsets, known: Offsets): Offsets {
  return pick(
    offsets,
    [...offsets.keys()].filter((partition) => known.has(partition)),
  )
}

function without(offsets: Offsets, partitions: readonly string[]): Offsets {
  const left = new Map(offsets)
  for (const partition of partitions) left.delete(partition)
  return left
}

function sameOffsets(a: Offsets, b: Offsets): boolean {
  if (a.size !== b.size) return false
  for (const [partition, offset] of a) if (b.get(partition) !== offset) return false
  return true
}
