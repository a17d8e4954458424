import type { ByteReader } from './byte-reader.ts'
import type { LineBuffer, TakeLimits } from './line-buffer.ts'

/** Where lines come from. */
export interface LineOrigin {
  readonly buffer: LineBuffer
  readonly reader: ByteReader
  readonly signal: AbortSignal
  /** The error for a line that begins at this position and is longer than the buffer may hold. */
  readonly tooLong: (position: number) => Error
}

/**
 * The lines that there are now, up to the limits, each as `make` turns text and position into an item. Rejects only
 * when there are none before the error.
 */
export async function readLines<T>(
  origin: LineOrigin,
  limits: TakeLimits,
  make: (text: string, position: number) => T,
): Promise<readonly T[]> {
  const { buffer, signal } = origin
  const items: T[] = []
  const add = (text: string, position: number): void => void items.push(make(text, position))
  const until = buffer.position + limits.bytes
  for (;;) {
    buffer.take({ lines: limits.lines - items.length, bytes: until - buffer.position }, add)
    if (items.length >= limits.lines || buffer.position >= until || signal.aborted) return items
    try {
      if ((await readMore(origin)) === 0) return items
    } catch (error) {
      // I2: lines that left the buffer must not be lost. They go first; the next call meets the error again.
      if (items.length === 0) throw error
      return items
    }
  }
}

async function readMore({ buffer, reader, tooLong }: LineOrigin): Promise<number> {
  const room = buffer.room()
  if (room === null) throw tooLong(buffer.position)
  const count = await reader.read(room)
  buffer.fill(count)
  return count
}
