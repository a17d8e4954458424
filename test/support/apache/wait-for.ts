import { setTimeout as pause } from 'node:timers/promises'

/**
 * Resolves with what `look` returns as soon as that is neither false nor null nor undefined. Gives up after
 * `limitMs` with an error that names what was waited for. A look every few milliseconds: what is watched lives in
 * another process, which does not call back.
 */
export async function waitFor<T>(what: string, look: () => Promise<T> | T, limitMs = 60_000): Promise<NonNullable<T>> {
  const end = performance.now() + limitMs
  for (;;) {
    const seen = await look()
    if (seen !== false && seen !== null && seen !== undefined) return seen
    if (performance.now() > end) throw new Error(`Waited ${limitMs / 1000} s in vain for ${what}`)
    await pause(20)
  }
}
