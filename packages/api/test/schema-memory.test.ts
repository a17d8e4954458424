import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('many-schemas.main.ts', import.meta.url))

test('two hundred thousand distinct schemas pass under a small heap, and nothing of them is left', async () => {
  const limits = ['--conditions=sluice-source', '--expose-gc', '--max-old-space-size=128']
  const { stdout } = await promisify(execFile)(process.execPath, [...limits, program, '200000'])
  const { registered, schemas, compiled, heapUsed, known } = JSON.parse(stdout) as Record<string, number | boolean>
  expect({ schemas, compiled, known }).toEqual({ schemas: registered, compiled: registered, known: true })
  expect(heapUsed).toBeLessThan(32 * 1024 * 1024)
})
