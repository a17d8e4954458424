import { backoffMs, relaunchBackoff } from '../retry-schedule.ts'

/**
 * One task as the control plane sees it, as a machine. It never runs anything: it says when the host is to launch,
 * pause, resume, stop or abandon an incarnation of the task, and which status is to be shown.
 *
 * Each launch has a new `epoch`. There is at most one incarnation at a time: the next one is launched only after the
 * last one has said that it ended, or its host is gone, or its time to stop is up and its lease was taken away (I6).
 * Whatever an older epoch still says is ignored.
 */
export type TaskStatus = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING'
export type TaskTarget = 'STARTED' | 'PAUSED'

export interface TaskState {
  /** `idle`: nothing runs and nothing is meant to. `waiting`: the next launch has a delay before it. */
  readonly phase: 'idle' | 'waiting' | 'live' | 'stopping' | 'failed'
  readonly target: TaskTarget
  readonly status: TaskStatus
  readonly trace: string | null
  readonly epoch: number
  /** Launch again as soon as the incarnation that is stopping has ended. */
  readonly isRelaunchWanted: boolean
  /** Alone on a host of its own, so that the next loss tells who is to blame. */
  readonly isIsolated: boolean
  /** Hosts lost in a row, not counting those that had kept the task running for a while. */
  readonly losses: number
  readonly runningSinceMs: number | null
}

export type TaskEvent =
  | { readonly type: 'start'; readonly target: TaskTarget }
  | { readonly type: 'restart' }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'stop' }
  /** The delay that `relaunch-after` asked for is over. */
  | { readonly type: 'relaunch-due'; readonly epoch: number }
  | { readonly type: 'stop-timed-out'; readonly epoch: number }
  | { readonly type: 'running'; readonly epoch: number; readonly nowMs: number }
  | { readonly type: 'paused'; readonly epoch: number }
  | { readonly type: 'failed'; readonly epoch: number; readonly trace: string }
  | { readonly type: 'stopped'; readonly epoch: number }
  | { readonly type: 'host-lost'; readonly epoch: number; readonly nowMs: number; readonly verdict: HostLossVerdict }

/** What a lost host means for one of its tasks. */
export type HostLossVerdict =
  | { readonly type: 'fail'; readonly trace: string }
  | { readonly type: 'restart'; readonly isIsolated: boolean }

export type TaskAction =
  | {
      readonly type: 'launch'
      readonly epoch: number
      readonly target: TaskTarget
      readonly isIsolated: boolean
    }
  | { readonly type: 'pause'; readonly epoch: number }
  | { readonly type: 'resume'; readonly epoch: number }
  /** Ask the host to stop it; `stop-timed-out` after the graceful budget. */
  | { readonly type: 'stop'; readonly epoch: number }
  /** Take its lease, stop listening to it. */
  | { readonly type: 'abandon'; readonly epoch: number }
  | { readonly type: 'relaunch-after'; readonly epoch: number; readonly delayMs: number }
  | { readonly type: 'show'; readonly status: TaskStatus; readonly trace: string | null }

export type TaskStep = readonly [TaskState, readonly TaskAction[]]

/** A task that ran this long on its host has recovered from the losses before. */
export const recoveredAfterMs = 60_000

export const newTask: TaskState = {
  phase: 'idle',
  target: 'STARTED',
  status: 'UNASSIGNED',
  trace: null,
  epoch: 0,
  isRelaunchWanted: false,
  isIsolated: false,
  losses: 0,
  runningSinceMs: null,
}

export function stepTask(state: TaskState, event: TaskEvent): TaskStep {
  if (!('epoch' in event)) return obey(state, event)
  return event.epoch === state.epoch ? hear(state, event) : [state, []]
}

/** What the worker wants of the task. */
function obey(state: TaskState, event: Exclude<TaskEvent, { readonly epoch: number }>): TaskStep {
  switch (event.type) {
    case 'start':
      return start({ ...state, target: event.target })
    case 'restart':
      return start({ ...state, losses: 0, isIsolated: false })
    case 'pause':
      return aim(state, 'PAUSED')
    case 'resume':
      return aim(state, 'STARTED')
    case 'stop':
      return stop(state)
  }
}

/** What became of the incarnation. */
function hear(state: TaskState, event: Extract<TaskEvent, { readonly epoch: number }>): TaskStep {
  const isLive = state.phase === 'live'
  switch (event.type) {
    case 'relaunch-due':
      return state.phase === 'waiting' ? launch(state) : [state, []]
    case 'stop-timed-out':
      return state.phase === 'stopping' ? ended(state, [{ type: 'abandon', epoch: state.epoch }]) : [state, []]
    case 'running':
      return isLive ? show({ ...state, runningSinceMs: event.nowMs }, 'RUNNING') : [state, []]
    case 'paused':
      return isLive ? show(state, 'PAUSED') : [state, []]
    case 'failed':
      return failed(state, event.trace)
    case 'stopped':
      return isLive || state.phase === 'stopping' ? ended(state, []) : [state, []]
    case 'host-lost':
      return hostLost(state, event.verdict, event.nowMs)
  }
}

function start(state: TaskState): TaskStep {
  switch (state.phase) {
    case 'idle':
    case 'failed':
    case 'waiting':
      return launch(state)
    case 'live':
      return [{ ...state, phase: 'stopping', isRelaunchWanted: true }, [{ type: 'stop', epoch: state.epoch }]]
    case 'stopping':
      return [{ ...state, isRelaunchWanted: true }, []]
  }
}

function launch(state: TaskState): TaskStep {
  const epoch = state.epoch + 1
  const { target, isIsolated } = state
  const launched: TaskState = { ...state, phase: 'live', epoch, isRelaunchWanted: false, runningSinceMs: null }
  // The trace of a failure that is over would mislead.
  const [next, showing] = state.status === 'FAILED' ? show(launched, 'RESTARTING') : [launched, []]
  return [next, [...showing, { type: 'launch', epoch, target, isIsolated }]]
}

function aim(state: TaskState, target: TaskTarget): TaskStep {
  if (state.target === target) return [state, []]
  const action: TaskAction = { type: target === 'PAUSED' ? 'pause' : 'resume', epoch: state.epoch }
  return [{ ...state, target }, state.phase === 'live' ? [action] : []]
}

function stop(state: TaskState): TaskStep {
  switch (state.phase) {
    case 'idle':
      return [state, []]
    case 'failed':
    case 'waiting':
      return ended(state, [])
    case 'stopping':
      return [{ ...state, isRelaunchWanted: false }, []]
    case 'live':
      return [{ ...state, phase: 'stopping' }, [{ type: 'stop', epoch: state.epoch }]]
  }
}

function ended(state: TaskState, actions: readonly TaskAction[]): TaskStep {
  if (state.isRelaunchWanted) {
    const [next, launching] = launch(state)
    return [next, [...actions, ...launching]]
  }
  const [next, showing] = show({ ...state, phase: 'idle', runningSinceMs: null }, 'UNASSIGNED')
  return [next, [...actions, ...showing]]
}

function failed(state: TaskState, trace: string): TaskStep {
  // An incarnation that fails while it stops has ended: whoever waits for the stop is answered.
  if (state.phase === 'stopping') return ended(state, [])
  if (state.phase !== 'live') return [state, []]
  return show({ ...state, phase: 'failed', runningSinceMs: null }, 'FAILED', trace)
}

function hostLost(state: TaskState, verdict: HostLossVerdict, nowMs: number): TaskStep {
  if (state.phase === 'stopping') return ended(state, [])
  if (state.phase !== 'live') return [state, []]
  if (verdict.type === 'fail') return failed(state, verdict.trace)
  const hadRecovered = state.runningSinceMs !== null && nowMs - state.runningSinceMs >= recoveredAfterMs
  const losses = hadRecovered ? 1 : state.losses + 1
  const waiting = { ...state, losses, isIsolated: verdict.isIsolated, runningSinceMs: null }
  const [next, showing] = show({ ...waiting, phase: 'waiting' }, 'RESTARTING')
  const delayMs = losses === 1 ? 0 : backoffMs(relaunchBackoff, losses - 1)
  return [next, [...showing, { type: 'relaunch-after', epoch: state.epoch, delayMs }]]
}

function show(state: TaskState, status: TaskStatus, trace: string | null = null): TaskStep {
  return [{ ...state, status, trace }, [{ type: 'show', status, trace }]]
}
