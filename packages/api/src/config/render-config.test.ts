import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isConfigError } from '../errors/connect-error.ts'
import { configSpec } from './config-spec.ts'
import { field } from './field.ts'
import { requireConfig } from './parse-config.ts'
import { renderConfig } from './render-config.ts'
import { Secret } from './secret.ts'

const spec = configSpec({
  text: field.string({ doc: 'Text.', default: ' ' }),
  count: field.int({ doc: 'Count.', default: 0 }),
  position: field.long({ doc: 'Position.', default: 0 }),
  ratio: field.double({ doc: 'Ratio.', default: 0 }),
  flag: field.boolean({ doc: 'Flag.', default: false }),
  names: field.list({ doc: 'Names.', default: [] }),
  kind: field.class({ doc: 'Kind.', optional: true }),
  token: field.password({ doc: 'Token.', optional: true }),
})

const config = {
  text: 'é😀\n"x"',
  count: -5,
  position: 2n ** 60n,
  ratio: 1e21,
  flag: true,
  names: ['a', 'b c'],
  kind: 'org.example.Kind',
  token: new Secret('s'),
}

function issuesOf(changes: Partial<Record<keyof typeof config, unknown>>): readonly string[] {
  try {
    renderConfig(spec, { ...config, ...changes } as typeof config)
    return []
  } catch (error) {
    if (!isConfigError(error)) throw error
    return [error.message]
  }
}

test('writes texts that read back as the same config', () => {
  const rendered = renderConfig(spec, config)
  expect(rendered).toEqual({
    text: 'é😀\n"x"',
    count: '-5',
    position: '1152921504606846976',
    ratio: '1.0E21',
    flag: 'true',
    names: 'a,b c',
    kind: 'org.example.Kind',
    token: 's',
  })
  const { token, ...rest } = requireConfig(spec, rendered)
  expect({ ...rest, token: token?.reveal() }).toEqual({ ...config, token: 's' })
})

test('leaves out what has no value', () => {
  const { kind: _kind, ...rest } = config
  expect(renderConfig(spec, { ...rest, token: undefined })).not.toHaveProperty('token')
})

test('leaves out a default that no text stands for', () => {
  expect(renderConfig(spec, { ...config, text: ' ' })).not.toHaveProperty('text')
})

test.each([
  ['names', ['a,b']],
  ['names', [' a']],
  ['names', ['']],
  ['text', ' a'],
  ['count', 1.5],
  ['count', 2 ** 31],
  ['count', '1'],
  ['position', 2 ** 63],
  ['flag', 'true'],
  ['token', 'plain'],
])('refuses %s: %j, which would reach the task as something else', (key, value) => {
  expect(issuesOf({ [key]: value })).toEqual([expect.stringContaining(`"${key}"`)])
})

test('does not print the value that it refuses', () => {
  expect(issuesOf({ token: new Secret(' hunter2') }).join()).not.toContain('hunter2')
})

test('refuses a key outside of the spec', () => {
  expect(() => renderConfig(spec, { ...config, other: 'x' } as typeof config)).toThrow('"other" is not a key')
})

test('reads back every config that it writes', () => {
  const anyConfig = fc.record({
    text: fc.string({ unit: 'binary' }),
    count: fc.integer(),
    position: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })),
    ratio: fc.double(),
    flag: fc.boolean(),
    names: fc.array(fc.string()),
  })
  fc.assert(
    fc.property(anyConfig, (generated) => {
      if (issuesOf(generated).length > 0) {
        // Only text can be impossible to write.
        expect(issuesOf({ ...generated, text: 'a', names: [] })).toEqual([])
        return
      }
      const { kind: _kind, token: _token, ...own } = config
      const back = requireConfig(spec, renderConfig(spec, { ...own, ...generated }))
      expect(back).toEqual({ ...generated, ratio: Object.is(generated.ratio, -0) ? back.ratio : generated.ratio })
    }),
    { seed: 20_32, numRuns: 200 },
  )
})
