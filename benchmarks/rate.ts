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

/**
 * Units per second between the first look at which something had arrived and the one at which all had: the start of
 * the task is no part of it, its warming up is.
 */
export async function growthPerSecond(growth: Growth): Promise<number> {
  const end = performance.now() + growth.limitMs
  let first: { readonly at: number; readonly count: number } | null = null
  for (let turn = 1; ; turn += 1) {
    const count = await growth.look()
    const at = performance.now()
    if (first === null && count > 0) first = { at, count }
    if (first !== null && count >= growth.goal) return ((count - first.count) * 1000) / (at - first.at)
    if (at > end) throw new Error(`${growth.what}: ${count} of ${growth.goal} after ${growth.limitMs / 1000} s`)
    if (turn % CHECK_EVERY === 0) await growth.check()
    await pause(STEP_MS)
  }
}
