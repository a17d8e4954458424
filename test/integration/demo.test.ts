// What `npm run demo -- --exit` runs: the whole pipeline on the public data, with its own check of every line.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the demo moves every line once and in order, and ends clean', async () => {
  const demo = join(root, 'scripts', 'demo.ts')
  const args = ['--conditions=sluice-source', demo, '--exit', '--folder', join(folder, 'demo')]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(stdout).toContain('every line arrived once and in order: 248,558 lines')
  expect(stdout).toContain('lines/s from the files into Kafka')
  expect(stdout).toContain('GeoNames')
  expect(existsSync(join(folder, 'demo', '.sluice', 'dev.json'))).toBe(false)
})
