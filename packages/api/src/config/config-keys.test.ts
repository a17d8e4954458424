import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allOf, isRegex, nonEmptyString, nonNull, validList } from './checks.ts'
import { configInfos } from './config-infos.ts'
import { type ConfigKey, configKeys, needsHost, specFromKeys } from './config-keys.ts'
import { type ConfigSpec, configSpec } from './config-spec.ts'
import { field } from './field.ts'

const doc = 'Documented.'

const spec = configSpec({
  topic: field.string({ doc, importance: 'high', check: allOf(nonNull, nonEmptyString), dependents: ['size'] }),
  separator: field.string({ doc, default: ' , ', group: 'Format', width: 'short', displayName: 'Separator' }),
  regex: field.string({ doc, default: '.*', check: isRegex, group: 'Format' }),
  size: field.int({ doc, default: 5, min: 1, max: 10, deprecated: 'Use batch.size.' }),
  position: field.long({ doc, default: 2n ** 60n, internal: true }),
  ratio: field.double({ doc, default: 0.5, max: 1 }),
  mode: field.oneOf(['a', 'b'], { doc, optional: true, ignoreCase: true, recommended: ['a'] }),
  topics: field.list({ doc, default: ['x', 'y'], check: validList({ allowEmpty: false }) }),
  none: field.list({ doc, default: [] }),
  token: field.password({ doc, optional: true }),
  kind: field.class({ doc, optional: true }),
  flag: field.boolean({ doc, default: true }),
})

function throughJson(original: ConfigSpec): ConfigSpec {
  return specFromKeys(JSON.parse(JSON.stringify(configKeys(original))) as readonly ConfigKey[])
}

test('survives JSON: the data validates and describes like the spec', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('1', '11', 'A', 'a,a', '(', 'true', '0.7', '9223372036854775807'))
  const props = fc.dictionary(fc.constantFrom(...Object.keys(spec.fields)), fc.option(text))
  const copy = throughJson(spec)
  expect(configKeys(copy)).toEqual(configKeys(spec))
  fc.assert(
    fc.property(props, (given) => {
      expect(configInfos(copy, given, 'X')).toEqual(configInfos(spec, given, 'X'))
    }),
    { seed: 20_33, numRuns: 200 },
  )
})

test('marks function checks, which only the host can run', () => {
  const even = { describe: 'even number', test: (n: number) => (n % 2 === 0 ? null : 'Number must be even') }
  const own = configSpec({ size: field.int({ doc, default: 2, min: 0, check: even }) })
  expect(configKeys(own)[0]?.check).toEqual({
    kind: 'all',
    checks: [
      { kind: 'range', min: 0 },
      { kind: 'host', describe: 'even number' },
    ],
  })
  const copy = throughJson(own)
  expect([needsHost(spec), needsHost(own), needsHost(copy)]).toEqual([false, true, true])
  expect(configInfos(copy, { size: '3' }, 'X').error_count).toBe(0)
  expect(configInfos(copy, { size: '-1' }, 'X').error_count).toBe(1)
})

test('keeps what lint needs, and says nothing where there is nothing', () => {
  const byName = new Map(configKeys(spec).map((key) => [key.name, key]))
  expect(byName.get('size')).toMatchObject({ deprecated: 'Use batch.size.' })
  expect(byName.get('position')).toMatchObject({ internal: true, default_value: '1152921504606846976' })
  expect(Object.keys(byName.get('none')!)).not.toContain('check')
})
