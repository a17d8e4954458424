// `npm run check`: everything that can be said about the tree without running it, side by side where it is cheap.
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { checkLayers } from './check-layers.ts'

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

const steps: readonly Step[] = [
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--quiet', '.'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'types of the plugin API (no Node)', command: ['tsc', '--noEmit', '-p', 'packages/api'] },
  { name: 'types of the pure core (no I/O)', command: ['tsc', '--noEmit', '-p', 'packages/runtime/src/core'] },
  {
    name: 'plugin manifests are fresh',
    command: ['node', '--conditions=sluice-source', 'scripts/generate-manifests.ts', '--check'],
  },
]

function run(step: Step): Promise<boolean> {
  const [command = '', ...args] = step.command
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.log(`✗ ${step.name}: ${error.message}`)
      resolve(false)
    })
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`)
      if (code !== 0) process.stdout.write(Buffer.concat(output))
      resolve(code === 0)
    })
  })
}

function layers(): boolean {
  const findings = checkLayers()
  console.log(`${findings.length === 0 ? '✓' : '✗'} import directions`)
  for (const finding of findings) console.log(`  ${finding}`)
  return findings.length === 0
}

const results = [layers()]
for (const step of steps) results.push(await run(step))
process.exitCode = results.every(Boolean) ? 0 : 1
