// Our own worker in standalone mode, as a user starts it: the command line in a process of its own.
import { join } from 'node:path'
import { startLogged } from './logged-process.ts'
import { spawnStandalone, whenReady } from './standalone-worker.ts'
import type { StandaloneOptions, StandaloneWorker } from './standalone-worker.ts'

/** The launcher in the clone; a test of an installed package names its own. */
export const launcherInClone: string = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sluice.js')

/** How our worker is started. */
export interface SluiceOptions extends StandaloneOptions {
  /** `bin/sluice.js` of an installation. Absent: the clone's. */
  readonly launcher?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Spawns `sluice standalone` and returns at once. */
export function spawnSluice(options: SluiceOptions): Promise<StandaloneWorker> {
  return spawnStandalone('Sluice', options, (files, logFile) =>
    startLogged({
      name: 'Sluice',
      command: process.execPath,
      args: [options.launcher ?? launcherInClone, 'standalone', ...files],
      // The condition is the launcher's business; inherited, it would make an installed package look for its source.
      env: { NODE_OPTIONS: '', ...options.env },
      logFile,
    }),
  )
}

/** Starts a standalone worker of Sluice and resolves when it is healthy. */
export function startSluice(options: SluiceOptions): Promise<StandaloneWorker> {
  return whenReady(spawnSluice(options))
}
