// One command line of Sluice, run to its end.
import { spawn } from 'node:child_process'
import { launcherInClone } from './sluice-standalone.ts'

/** What a command said and how it ended. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One that does not end by itself is ended, so that nothing outlives its test. */
const patienceMs = 45_000

/** Runs `sluice ARGS` in a folder, to its end. */
export function runSluice(args: readonly string[], cwd: string): Promise<CommandResult> {
  const child = spawn(process.execPath, [launcherInClone, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
}
