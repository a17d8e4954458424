// Processes that others started: found, killed and waited for by their ids.
import { execFileSync } from 'node:child_process'
import { waitUntil } from './wait-until.ts'

/** The processes whose parent this one is. Not on Windows, which has no `ps`. */
export function childrenOf(pid: number): readonly number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Ends a process as a crash would. One that has ended meanwhile is left alone. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits until all of them have ended. */
export async function whenEnded(pids: readonly number[]): Promise<void> {
  await waitUntil(
    () => !pids.some(isAlive),
    () => `processes ${pids.filter(isAlive).join(', ')} to end`,
  )
}
