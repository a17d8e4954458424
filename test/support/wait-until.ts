import { setTimeout as pause } from 'node:timers/promises'

/** How long a test waits for something that must happen; the runner's own limit is far above. */
const patienceMs = 45_000
const stepMs = 20

/**
 * Waits for a condition, never for a time. `what` says in an error what was waited for, with whatever helps to see why
 * it did not come.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  patience: number = patienceMs,
): Promise<void> {
  const end = performance.now() + patience
  while (!(await condition())) {
    if (performance.now() > end)
      throw new Error(`waited ${patience} ms for ${typeof what === 'string' ? what : what()}`)
    await pause(stepMs)
  }
}
