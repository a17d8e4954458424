import { setTimeout as pause } from 'node:timers/promises'

/** Waits until the condition holds; fails, naming it, when it does not within half a minute. */
export async function waitUntil(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`)
    await pause(5)
  }
}
