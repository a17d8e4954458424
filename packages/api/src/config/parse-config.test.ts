import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isConfigError } from '../errors/connect-error.ts'
import { isRegex, nonEmptyString, validList } from './checks.ts'
import { configSpec, embedSpec, mergeSpecs, type Props } from './config-spec.ts'
import { field } from './field.ts'
import { parseConfig, requireConfig } from './parse-config.ts'

const spec = configSpec({
  topic: field.string({ doc: 'Topic.', check: nonEmptyString }),
  'tasks.max': field.int({ doc: 'Tasks.', default: 1, min: 1 }),
  'errors.retry.timeout': field.long({ doc: 'Time.', default: 0 }),
  ratio: field.double({ doc: 'Ratio.', optional: true, min: 0, max: 1 }),
  tolerance: field.oneOf(['none', 'all'], { doc: 'Tolerance.', default: 'none' }),
  support: field.oneOf(['required', 'requested'], { doc: 'Support.', default: 'requested', ignoreCase: true }),
  topics: field.list({ doc: 'Topics.', default: [], check: validList() }),
  token: field.password({ doc: 'Token.', optional: true }),
  log: field.boolean({ doc: 'Log.', default: false }),
})

function messages(props: Props): readonly string[] {
  return parseConfig(spec, props).issues.map(({ key, message }) => `${key}: ${message}`)
}

test('gives each key its type, its default, or nothing', () => {
  const props = { topic: ' t ', 'tasks.max': '+3', support: 'ReQuired', topics: 'a , b', token: 's', log: 'TRUE' }
  const { token, ...config } = requireConfig(spec, props)
  expect(config).toEqual({
    topic: 't',
    'tasks.max': 3,
    'errors.retry.timeout': 0,
    tolerance: 'none',
    support: 'required',
    topics: ['a', 'b'],
    log: true,
  })
  expect(token?.reveal()).toBe('s')
})

test('reports all issues at once, in the words of Connect', () => {
  expect(messages({ 'tasks.max': 'abc', 'errors.retry.timeout': '9999999999999999999', log: 'yes' })).toEqual([
    'topic: Missing required configuration "topic" which has no default value.',
    'tasks.max: Invalid value abc for configuration tasks.max: Not a number of type INT',
    'tasks.max: Invalid value null for configuration tasks.max: Value must be non-null',
    'errors.retry.timeout: Invalid value 9999999999999999999 for configuration errors.retry.timeout: Not a number of type LONG',
    'log: Invalid value yes for configuration log: Expected value to be either true or false',
  ])
  expect(messages({ topic: '', 'tasks.max': '0', tolerance: 'foo', support: 'x', ratio: '1.5', topics: 'a,' })).toEqual(
    [
      'topic: Invalid value  for configuration topic: String must be non-empty',
      'tasks.max: Invalid value 0 for configuration tasks.max: Value must be at least 1',
      'ratio: Invalid value 1.5 for configuration ratio: Value must be no more than 1.0',
      'tolerance: Invalid value foo for configuration tolerance: String must be one of: none, all',
      'support: Invalid value x for configuration support: String must be one of (case insensitive): REQUIRED, REQUESTED',
      "topics: Configuration 'topics' values must not be empty.",
    ],
  )
})

test('checks a missing required value, too, as Connect does', () => {
  const regex = configSpec({ regex: field.string({ doc: 'Expression.', check: isRegex }) })
  expect(parseConfig(regex, {}).issues).toHaveLength(2)
})

test('takes null for a key that was not given', () => {
  expect(messages({ topic: null })).toEqual([
    'topic: Missing required configuration "topic" which has no default value.',
  ])
  expect(requireConfig(spec, { topic: 't', 'tasks.max': null, ratio: null })).toMatchObject({ 'tasks.max': 1 })
})

test('drops repeats of a checked list when the config is used', () => {
  expect(requireConfig(spec, { topic: 't', topics: 'a,b,a' }).topics).toEqual(['a', 'b'])
})

test('suggests the key that was probably misspelt', () => {
  expect(parseConfig(spec, { topci: 't' }).issues[0]).toEqual({
    key: 'topic',
    message: 'Missing required configuration "topic" which has no default value.',
    suggestion: '"topci" is given; write it "topic".',
  })
})

test('throws one error that lists every issue, and no secret', () => {
  const secret = configSpec({ pin: field.password({ doc: 'Pin.', check: { describe: 'x', test: () => 'Too short' } }) })
  try {
    requireConfig(mergeSpecs(spec, secret), { pin: 'hunter2' })
    expect.unreachable()
  } catch (error) {
    if (!isConfigError(error)) throw error
    expect(error.issues.map(({ key }) => key)).toEqual(['topic', 'pin'])
    expect(error.message).not.toContain('hunter2')
  }
})

test('reads own keys only, so no config can borrow the members of every object', () => {
  const odd = configSpec({
    constructor: field.string({ doc: 'C.', optional: true }),
    toString: field.int({ doc: 'T.', default: 4 }),
  })
  expect(Object.entries(requireConfig(odd, {}))).toEqual([['toString', 4]])
})

test('names an embedded key in full when it is missing or unreadable, and without prefix in its check', () => {
  const transform = configSpec({ size: field.int({ doc: 'Size.', min: 1 }) })
  const embedded = embedSpec(transform, 'transforms.a.', { group: 'Transforms: a', firstOrder: 2 })
  const messagesOf = (props: Props) => parseConfig(embedded, props).issues.map(({ message }) => message)
  expect(messagesOf({ 'transforms.a.size': '0' })).toEqual([
    'Invalid value 0 for configuration size: Value must be at least 1',
  ])
  expect(messagesOf({})[0]).toBe('Missing required configuration "transforms.a.size" which has no default value.')
  expect(messagesOf({ 'transforms.a.size': 'x' })[0]).toBe(
    'Invalid value x for configuration transforms.a.size: Not a number of type INT',
  )
})

test('never throws and never reads another value than it reports on, whatever the text', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('1', '-1', 'true', 'a,b', '1e5', 'NaN', ' ', 'none'))
  const anyProps = fc.dictionary(fc.constantFrom(...Object.keys(spec.fields)), fc.option(text))
  fc.assert(
    fc.property(anyProps, (props) => {
      const { config, issues } = parseConfig(spec, props)
      for (const [key, value] of Object.entries(config)) {
        expect([undefined, null]).not.toContain(value)
        if (typeof value === 'number') expect(Number.isNaN(value) && key !== 'ratio').toBe(false)
      }
      const broken = new Set(issues.map(({ key }) => key))
      for (const [key, { required }] of Object.entries(spec.fields)) {
        if (required && !broken.has(key)) expect(Object.hasOwn(config, key)).toBe(true)
      }
    }),
    { seed: 20_31, numRuns: 200 },
  )
})
