// Bars on a terminal, now and then a line elsewhere.
import { styleText } from 'node:util'

/** The longest bar, and the columns that the words and numbers beside it need. */
const WIDEST = 32
const BESIDE = 62
const USUAL_COLUMNS = 80
const REDRAW_MS = 80
const LINE_STEP = 0.25

/** One thing that goes from 0 to its goal. */
export interface Track {
  readonly label: string
  readonly goal: number
}

/** Shows tracks as they advance. */
export interface Progress {
  /** Tells how far a track is; draws when it is time to. */
  advance(track: number, count: number): void
  /** Draws the last state and leaves it standing. */
  finish(): void
  /** Units per second of a track, between its first movement and its last. */
  rate(track: number): number
}

interface State extends Track {
  count: number
  firstAt: number
  firstCount: number
  lastAt: number
  announced: number
}

function rateOf(state: State): number {
  const seconds = (state.lastAt - state.firstAt) / 1000
  return seconds > 0 ? (state.count - state.firstCount) / seconds : 0
}

/** 12,345 */
export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** One line; it must not wrap, or the next drawing would not cover it. */
function bar(state: State, columns: number): string {
  const width = Math.max(1, Math.min(WIDEST, columns - BESIDE))
  const full = Math.min(width, Math.floor((state.count / state.goal) * width))
  const drawn = styleText('cyan', '█'.repeat(full)) + styleText('gray', '░'.repeat(width - full))
  const numbers = `${thousands(state.count).padStart(9)} / ${thousands(state.goal)}`
  return `  ${state.label}  ${drawn} ${numbers}  ${thousands(rateOf(state)).padStart(8)} lines/s`
}

/** Starts with every track at 0. */
export function startProgress(tracks: readonly Track[], out: NodeJS.WriteStream): Progress {
  const states = tracks.map((track): State => ({
    ...track,
    count: 0,
    firstAt: 0,
    firstCount: 0,
    lastAt: 0,
    announced: 0,
  }))
  let drawnAt = 0
  let isDrawn = false
  const draw = (): void => {
    const up = isDrawn ? `\u001b[${states.length}A` : ''
    out.write(up + states.map((state) => `\u001b[2K${bar(state, out.columns || USUAL_COLUMNS)}\n`).join(''))
    isDrawn = true
    drawnAt = performance.now()
  }
  const announce = (state: State): void => {
    const share = Math.floor(state.count / state.goal / LINE_STEP)
    if (share <= state.announced) return
    state.announced = share
    out.write(`  ${state.label}  ${thousands(state.count)} of ${thousands(state.goal)}\n`)
  }
  return {
    advance(track, count) {
      const state = states[track]
      if (!state || count === state.count) return
      const now = performance.now()
      if (state.count === 0) {
        state.firstAt = now
        state.firstCount = count
      }
      state.count = count
      state.lastAt = now
      if (!out.isTTY) announce(state)
      else if (now - drawnAt > REDRAW_MS) draw()
    },
    finish() {
      if (out.isTTY) draw()
    },
    rate(track) {
      const state = states[track]
      return state ? rateOf(state) : 0
    },
  }
}
