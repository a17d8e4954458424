import type { Writable } from 'node:stream'
import { ConnectError } from '@sluice/api'
import type { Output } from './output.ts'

/** Writes to a stream that outlives the task: the standard output. */
export function openStdoutOutput(stream: Writable): Output {
  function append(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      // The stream tells the callback and, besides, whoever listens; without a listener that would be thrown.
      const onError = (): void => {}
      stream.once('error', onError)
      stream.write(bytes, (error) => {
        stream.off('error', onError)
        if (error) reject(new ConnectError(`Writing to the standard output: ${error.message}.`, { cause: error }))
        else resolve()
      })
    })
  }
  // A write has left the process when its callback is called; a stream knows nothing more durable.
  return { append, sync: async () => {}, close: async () => {} }
}
