import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('without a file, lines come from the standard input and go to the standard output', () => {
  const script = join(import.meta.dirname, '../test/stdin-to-stdout.ts')
  const out = execFileSync(process.execPath, ['--conditions=sluice-source', script, '2'], {
    input: 'eins\r\nzwei é\nheld back',
    encoding: 'utf8',
  })
  const place = '[{"filename":null},{"position":null}]'
  expect(out).toBe(`eins ${place}\nzwei é ${place}\n`)
})
