/**
 * Resolves after a time, or at once when the signal is or gets aborted, or when the function that `wakeable` receives
 * is called. Never rejects.
 */
export function wait(ms: number, signal: AbortSignal, wakeable?: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    wakeable?.(end)
  })
}
