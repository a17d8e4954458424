import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const records = 1_000_000
const main = fileURLToPath(new URL('distinct-schemas.main.ts', import.meta.url))

test(
  'a million distinct schemas pass through a heap of 128 MB, both ways, and nothing compiled stays',
  { timeout: 180_000 },
  async () => {
    const options = ['--conditions=sluice-source', '--expose-gc', '--max-old-space-size=128']
    const { stdout } = await promisify(execFile)(process.execPath, [...options, main, String(records)])
    const { heldMb, watched, alive } = JSON.parse(stdout) as { heldMb: number; watched: number; alive: number }
    expect(heldMb).toBeLessThan(8)
    expect(watched).toBe(1000)
    // The converter recognises the last thousand schemas by their bytes: one of those watched is among them.
    expect(alive).toBeLessThanOrEqual(2)
  },
)
