import type { Readable } from 'node:stream'
import { RetriableError } from '@sluice/api'
import type { ByteReader } from './byte-reader.ts'
import { wait } from './wait.ts'

/**
 * Reads a stream that outlives the task: the standard input. What the task leaves unused goes back to it, for the
 * next task.
 */
export function openStdinReader(stream: Readable, signal: AbortSignal): ByteReader {
  let chunk: Buffer | null = null
  let failure: Error | null = null
  let hasMore = true
  let wake = (): void => {}
  // Listening makes the stream fetch, up to its high-water mark (I9); `read` takes from there.
  const onReadable = (): void => {
    hasMore = true
    wake()
  }
  const onError = (error: Error): void => {
    failure = error
  }
  stream.on('readable', onReadable).on('error', onError)

  async function read(room: Buffer): Promise<number> {
    if (failure !== null) throw new RetriableError(`Reading the standard input: ${failure.message}`, { cause: failure })
    hasMore = false
    chunk ??= stream.read() as Buffer | null
    if (chunk === null) return 0
    const count = chunk.copy(room)
    chunk = count < chunk.length ? chunk.subarray(count) : null
    return count
  }

  async function idle(ms: number): Promise<void> {
    if (hasMore) return
    await wait(ms, signal, (end) => {
      wake = end
    })
    wake = () => {}
  }

  async function close(unused: Buffer): Promise<void> {
    stream.off('readable', onReadable).off('error', onError)
    stream.pause()
    const rest = chunk === null ? unused : Buffer.concat([unused, chunk])
    if (rest.length > 0 && !stream.readableEnded) stream.unshift(rest)
  }

  return { read, idle, close }
}
