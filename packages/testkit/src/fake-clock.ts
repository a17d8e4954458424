/** What code that waits needs of time; the real one is the platform's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after a time; rejects with the reason of the signal when that is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on; sleepers that are due wake in the order of their times, and have run when this resolves. */
  advance(ms: number): Promise<void>
  /** How many are asleep. */
  readonly sleepers: number
}

interface Sleeper {
  readonly due: number
  wake(): void
}

/** Makes a clock that begins at `start`. */
export function createFakeClock(start = 0): FakeClock {
  let now = start
  const sleepers = new Set<Sleeper>()

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(reasonOf(signal))
      const sleeper: Sleeper = { due: now + ms, wake: () => end(resolve) }
      const abort = (): void => end(() => reject(reasonOf(signal)))
      const end = (settle: () => void): void => {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', abort)
        settle()
      }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', abort)
    })
  }

  async function advance(ms: number): Promise<void> {
    const until = now + ms
    for (let next = nextDue(until); next !== null; next = nextDue(until)) {
      now = Math.max(now, next.due)
      next.wake()
      await settled()
    }
    now = until
  }

  function nextDue(until: number): Sleeper | null {
    const due = [...sleepers].filter((sleeper) => sleeper.due <= until)
    return due.toSorted((a, b) => a.due - b.due)[0] ?? null
  }

  return {
    now: () => now,
    sleep,
    advance,
    get sleepers() {
      return sleepers.size
    },
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted')
}

/** Lets everything run that waits for nothing but a turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
