/** The longest delay that a timer of the platform can hold; a longer one would fire at once. */
export const longestTimerMs: number = 2 ** 31 - 1

/** Resolves after so many milliseconds, or at once when the signal fires: whoever waits looks at the signal himself. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve()
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, Math.min(ms, longestTimerMs))
    signal?.addEventListener('abort', finish)
  })
}
