import { expect, test } from 'vitest'
import table from '../../testdata/configdef.json' with { type: 'json' }
import {
  allOf,
  type Check,
  type CheckRule,
  complaint,
  describeCheck,
  inRange,
  isHttpUrl,
  isRegex,
  listSize,
  nonEmptyList,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  uniqueList,
  validList,
} from './checks.ts'
import type { ConfigType, ConfigValue } from './field.ts'
import { Secret } from './secret.ts'

type Row = readonly [validator: string, description: string, value: ConfigValue | null, message: string | null]

const rules: Readonly<Record<string, readonly [ConfigType, CheckRule]>> = {
  'Range.atLeast(1)': ['INT', inRange({ min: 1 })],
  'Range.between(0,5)': ['INT', inRange({ min: 0, max: 5 })],
  'ValidString.in(a,b)': ['STRING', { kind: 'one-of', values: ['a', 'b'] }],
  'CaseInsensitiveValidString.in(a,b)': ['STRING', { kind: 'one-of', values: ['a', 'b'], ignoreCase: true }],
  NonNullValidator: ['STRING', nonNull],
  NonEmptyString: ['STRING', nonEmptyString],
  NonEmptyStringWithoutControlChars: ['STRING', nonEmptyStringWithoutControlChars],
  'ValidList.in(a,b)': ['LIST', validList({ values: ['a', 'b'] })],
  'ValidList.in(false,a,b)': ['LIST', validList({ values: ['a', 'b'], allowEmpty: false })],
  'ValidList.anyNonDuplicateValues(true,true)': ['LIST', validList({ allowNull: true })],
  'ValidList.anyNonDuplicateValues(false,false)': ['LIST', validList({ allowEmpty: false })],
  'ListSize.atMostOfSize(1)': ['LIST', listSize(1)],
  'LambdaValidator/composite': ['INT', allOf(nonNull, inRange({ min: 2 }))],
}

function check<T>(one: Check<T>, value: ConfigValue | null, type: ConfigType = 'STRING'): string | null {
  return complaint(one, 'k', type, value)
}

test('complains and describes itself as the validators of Connect do', () => {
  for (const [validator, description, value, message] of table.validators as unknown as readonly Row[]) {
    const [type, rule] = rules[validator]!
    expect([validator, value, describeCheck(rule, type), complaint(rule, 'k', type, value)]).toEqual([
      validator,
      value,
      description,
      message,
    ])
  }
})

test('prints the bounds of a DOUBLE as Java does', () => {
  expect(describeCheck(inRange({ min: 0.5, max: 1 }), 'DOUBLE')).toBe('[0.5,...,1.0]')
  expect(describeCheck(inRange({ max: 1 }), 'INT')).toBe('[...,1]')
  expect(check(inRange({ min: 1 }), 0.25, 'DOUBLE')).toBe(
    'Invalid value 0.25 for configuration k: Value must be at least 1.0',
  )
})

test('compares bounds with a LONG beyond 2^53', () => {
  expect(check(inRange({ min: 0, max: 10 }), 2n ** 60n, 'LONG')).toBe(
    'Invalid value 1152921504606846976 for configuration k: Value must be no more than 10',
  )
})

test('refuses repeated aliases and an empty list of headers in the words of Connect', () => {
  expect(describeCheck(allOf(nonNull, uniqueList('transformation aliases')), 'LIST')).toBe(
    'non-null string, unique transformation aliases',
  )
  expect(check(uniqueList('transformation aliases'), ['a', 'a'], 'LIST')).toBe(
    'Invalid value [a, a] for configuration k: Duplicate alias provided.',
  )
  expect(check(nonEmptyList, [], 'LIST')).toBe('Invalid value [] for configuration k: Empty list')
})

test('names the place of a bad expression, in the words of Java', () => {
  expect(check(isRegex, '[')).toBe(
    'Invalid value [ for configuration k: Invalid regex: Unclosed character class near index 0\n[\n^',
  )
  expect(check(isRegex, null)).toMatch(/^Invalid value null for configuration k: Invalid regex: /)
  expect(check(isRegex, 'orders-.*')).toBeNull()
})

test.each(['http://a', 'https://a.example:8443/b?c#d', 'HTTP://[::1]/'])('takes %s for a URL', (url) => {
  expect(check(isHttpUrl, url)).toBeNull()
})

test.each(['', 'a', 'ftp://a', 'http:/a', 'http://', 'http://a:99999', ' http//a'])('takes %j for no URL', (text) => {
  expect(check(isHttpUrl, text)).toMatch(/Expected an absolute HTTP or HTTPS URL$/)
})

test('runs a function check on values only, and takes what it throws as its answer', () => {
  const even: Check<number> = { describe: 'even number', test: (n) => (n % 2 === 0 ? null : 'Number must be even') }
  const picky: Check<string> = {
    describe: 'picky',
    test: () => {
      throw new TypeError('not this one')
    },
  }
  expect([null, 2, 3].map((n) => check(even, n, 'INT'))).toEqual([
    null,
    null,
    'Invalid value 3 for configuration k: Number must be even',
  ])
  expect(check(picky, 'x')).toBe('Invalid value x for configuration k: not this one')
  expect(describeCheck(allOf(nonNull, even), 'INT')).toBe('non-null string, even number')
})

test('never prints a secret', () => {
  const long: Check<Secret> = { describe: 'long', test: (secret) => (secret.reveal().length > 8 ? null : 'Too short') }
  expect(check(long, new Secret('hunter2'), 'PASSWORD')).toBe('Invalid value [hidden] for configuration k: Too short')
})
