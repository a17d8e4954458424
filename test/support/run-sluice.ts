// One command line of Sluice, run to its end.
import { spawn } from 'node:child_process'
import { launcherInClone } from './sluice-standalone.ts'

/** What a command said and how it ended. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `sluice ARGS` in a folder. Whoever expects it to end must not be disappointed: a test's own limit ends it. */
export function runSluice(args: readonly string[], cwd: string): Promise<CommandResult> {
  const child = spawn(process.execPath, [launcherInClone, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
}
