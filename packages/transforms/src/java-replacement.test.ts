import { expect, test } from 'vitest'
import { compileReplacement } from './java-replacement.ts'

const match = /(?<n>o)(r)(x)?/.exec('or')!

test.each([
  ['', ''],
  ['plain', 'plain'],
  ['$0-$1-$2', 'or-o-r'],
  ['$3|', '|'],
  ['$10', 'o0'],
  ['$1$2', 'or'],
  ['${n}s', 'os'],
  ['\\$1\\\\\\x', '$1\\x'],
  ['$11', 'o1'],
])('%j gives %j', (text, expected) => {
  expect(compileReplacement(text, 3)(match)).toBe(expected)
})

test('takes two digits where there is such a group', () => {
  const many = /(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)/.exec('abcdefghij')!
  expect(compileReplacement('$10-$1', 10)(many)).toBe('j-a')
})

test.each([
  ['$', 'Illegal group reference: group index is missing'],
  ['$a', 'Illegal group reference'],
  ['$ ', 'Illegal group reference'],
  ['\\', 'character to be escaped is missing'],
  ['$4', 'No group 4'],
  ['${m}', 'No group with name {m}'],
  ['${}', 'named capturing group has 0 length name'],
  ['${n', "named capturing group is missing trailing '}'"],
  ['${n-}', "named capturing group is missing trailing '}'"],
  ['${1n}', 'capturing group name {1n} starts with digit character'],
])('%j is an error of the record that it is used on', (text, message) => {
  const replace = compileReplacement(text, 3)
  expect(() => replace(match)).toThrow(message)
})
