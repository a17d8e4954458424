// Keeps a started worker up until it is asked to stop: by a signal, or because the launcher that started it is gone.
import { constants } from 'node:os'
import type { Logger } from '@sluice/api'

/** Something that runs until it is stopped. `stopped` rejects when it ended by itself, for a reason. */
export interface Running {
  stop(): Promise<void>
  readonly stopped: Promise<void>
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A terminal's Ctrl-C can arrive twice, from the terminal and from the launcher; only more than that is impatience. */
const signalsThatForce = 3

/** Resolves when everything has stopped. Asking again and again ends the process at once, with nothing more committed. */
export async function runUntilStopped(running: Running, log: Logger): Promise<void> {
  let asked = 0
  let stopping: Promise<void> | undefined
  const stop = (reason: string): void => {
    if (stopping) return
    log.info('Stopping.', { reason })
    stopping = running.stop()
  }
  const onSignal = (signal: (typeof signals)[number]): void => {
    asked += 1
    if (asked > signalsThatForce) process.exit(128 + constants.signals[signal])
    stop(signal)
  }
  const onDisconnect = (): void => stop('the launcher has ended')
  for (const signal of signals) process.on(signal, onSignal)
  process.on('disconnect', onDisconnect)
  try {
    await running.stopped
    await stopping
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
    process.off('disconnect', onDisconnect)
    if (process.connected) process.disconnect()
  }
}
