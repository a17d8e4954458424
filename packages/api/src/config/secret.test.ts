import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { isSecret, Secret } from './secret.ts'

test('hides its text wherever it is printed', () => {
  const secret = new Secret('hunter2')
  const printed = [
    String(secret),
    `${secret}`,
    `a${'' + secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { showHidden: true, depth: 9 }),
    Object.entries(secret).join(),
    JSON.stringify(structuredClone({ ...secret })),
  ].join('\n')
  expect(printed).not.toContain('hunter2')
  expect(printed).toContain('[hidden]')
  expect(secret.reveal()).toBe('hunter2')
})

test('is known by its brand, so that another copy of this package knows it, too', () => {
  expect(isSecret(new Secret('a'))).toBe(true)
  expect(isSecret({ [Symbol.for('sluice.secret')]: true })).toBe(true)
  for (const other of [null, undefined, 'a', {}, []]) expect(isSecret(other)).toBe(false)
})
