// `sluice dev` as a process: the embedded broker and a worker, as a user starts them.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readDevAddress } from '../../packages/cli/src/worker-address.ts'
import type { DevAddress } from '../../packages/cli/src/worker-address.ts'

const LOOK_MS = 25
const main = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')

/** A running `sluice dev`. */
export interface DevWorker extends DevAddress {
  readonly logFile: string
  /** The end of its log, for a message. */
  endOfLog(): string
  /** False once the process has ended. */
  isRunning(): boolean
  stop(): Promise<void>
}

/**
 * Starts `sluice dev` with its state in a folder and resolves when it has said where it listens. In a process group of
 * its own, so that a Ctrl-C reaches it once, from here; it ends by itself when this process is gone.
 */
export async function startDevWorker(folder: string): Promise<DevWorker> {
  const logFile = join(folder, 'sluice.log')
  const log = openSync(logFile, 'a')
  const child = fork(main, ['dev'], {
    cwd: folder,
    execArgv: ['--conditions=sluice-source'],
    stdio: ['ignore', log, log, 'ipc'],
    detached: process.platform !== 'win32',
  })
  closeSync(log)
  const endOfLog = (): string => readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n')
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  let address = readDevAddress(folder)
  while (!address && isRunning()) {
    await pause(LOOK_MS)
    address = readDevAddress(folder)
  }
  if (!address) throw new Error(`sluice dev ended with code ${child.exitCode}:\n${endOfLog()}`)
  return {
    ...address,
    logFile,
    endOfLog,
    isRunning,
    async stop() {
      if (!isRunning()) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
