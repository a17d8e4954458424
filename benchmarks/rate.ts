// How fast a count grows: watched from its first movement to its goal.
import { setTimeout as pause } from 'node:timers/promises'

const STEP_MS = 10
const CHECK_EVERY = 100

/** What is watched. */
export interface Growth {
  readonly what: string
  readonly goal: number
  /** The count now. */
  look(): Promise<number>
  /** Called now and then; throws when the goal can no longer be reached. */
  check(): Promise<void>
  readonly limitMs: number
}

/** Units per second. */
export interface Rate {
  /** Between the first look at which something had arrived and the one at which all had. */
  readonly whole: number
  /** Of the second half alone, when the runtime has warmed up. */
  readonly secondHalf: number
}

interface Seen {
  readonly at: number
  readonly count: number
}

function between(from: Seen, to: Seen): number {
  return ((to.count - from.count) * 1000) / (to.at - from.at)
}

/** Watches the growth to its goal. The start of the task is no part of the rate, its warming up is. */
export async function growthRate(growth: Growth): Promise<Rate> {
  const end = performance.now() + growth.limitMs
  let first: Seen | null = null
  let half: Seen | null = null
  for (let turn = 1; ; turn += 1) {
    const count = await growth.look()
    const now = { at: performance.now(), count }
    if (first === null && count > 0) first = now
    if (half === null && count >= growth.goal / 2) half = now
    if (first !== null && half !== null && count >= growth.goal) {
      return { whole: between(first, now), secondHalf: between(half, now) }
    }
    if (now.at > end) throw new Error(`${growth.what}: ${count} of ${growth.goal} after ${growth.limitMs / 1000} s`)
    if (turn % CHECK_EVERY === 0) await growth.check()
    await pause(STEP_MS)
  }
}
