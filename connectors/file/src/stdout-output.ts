import type { Writable } from 'node:stream'
import { ConnectError } from '@sluice/api'
import type { Output } from './output.ts'

/** Writes to a stream that outlives the task: the standard output. */
export function openStdoutOutput(stream: Writable): Output {
  // The stream tells an error to the callback of the write, and to whoever listens; without a listener it is thrown.
  const onError = (): void => {}
  stream.on('error', onError)

  function append(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      stream.write(bytes, (error) => {
        if (error) reject(new ConnectError(`Writing to the standard output: ${error.message}.`, { cause: error }))
        else resolve()
      })
    })
  }

  return {
    append,
    // A write has left the process when its callback is called; a stream knows nothing more durable.
    sync: async () => {},
    async close() {
      stream.off('error', onError)
    },
  }
}
