import { DataError } from '../errors/connect-error.ts'

/**
 * How deep a value may be nested where it is walked by recursion: what Apache Connect's JSON reader takes, and far
 * from what the stack holds. A value beyond it, which only a broken or hostile source makes, is a bad record and not
 * the end of the task.
 */
export const maxDepth = 1000

/** Throws the DataError for a value that is nested too deep. */
export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw new DataError(`Walking a value: it is nested deeper than ${maxDepth} levels.`)
}
