// The launcher in a clone: exit codes, signals, and what becomes of the worker when the launcher is killed.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { waitUntil } from '../support/wait-until.ts'

const launcher = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sluice.js')
const folder = mkdtempSync(join(tmpdir(), 'sluice-launcher-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(...args: string[]) {
  return spawnSync(process.execPath, [launcher, ...args], { cwd: folder, encoding: 'utf8' })
}

interface Dev {
  readonly launcher: ChildProcess
  readonly pid: number
}

const launched: ChildProcess[] = []
afterEach(async () => {
  for (const child of launched.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
})

const devFile = join(folder, '.sluice', 'dev.json')

async function startDev(): Promise<Dev> {
  let output = ''
  const child = spawn(process.execPath, [launcher, 'dev', '--log-format', 'json'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  launched.push(child)
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`sluice dev ended with code ${child.exitCode}: ${output}`)
      return existsSync(devFile)
    },
    () => `sluice dev to be up; it said:\n${output}`,
  )
  return { launcher: child, pid: (JSON.parse(readFileSync(devFile, 'utf8')) as { pid: number }).pid }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('the version and the help end with 0', () => {
  expect(run('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' })
  expect(run('--help').stdout).toContain('Exit codes:')
})

test('a wrong usage ends with 2 and says where help is', () => {
  const result = run('connectors', 'lisst')
  expect(result.status).toBe(2)
  expect(result.stderr).toContain('list')
})

test('no worker to talk to ends with 3 and the way out', () => {
  const result = run('connectors', 'list', '--url', 'http://127.0.0.1:1')
  expect(result.status).toBe(3)
  expect(result.stderr).toContain('GET http://127.0.0.1:1/connectors')
  expect(result.stderr).toContain('--url')
  const json = run('connectors', 'list', '--url', 'http://127.0.0.1:1', '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'WORKER_UNREACHABLE' } })
})

test('SIGTERM is passed on, the worker stops gracefully, and the launcher ends with its code', async () => {
  const dev = await startDev()
  const again = run('dev')
  expect(again.status).toBe(3)
  expect(again.stderr).toContain(`process ${dev.pid}`)
  const ended = once(dev.launcher, 'exit')
  dev.launcher.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(existsSync(devFile)).toBe(false)
  expect(isAlive(dev.pid)).toBe(false)
})

test('a worker whose launcher was killed stops gracefully', async () => {
  const dev = await startDev()
  dev.launcher.kill('SIGKILL')
  await waitUntil(() => !isAlive(dev.pid), 'the worker to stop')
  expect(existsSync(devFile)).toBe(false)
})
