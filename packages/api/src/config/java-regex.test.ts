import { expect, test } from 'vitest'
import table from '../../testdata/java-regex.json' with { type: 'json' }
import { isConfigError } from '../errors/connect-error.ts'
import { compileJavaRegex } from './java-regex.ts'

type Groups = readonly string[] | null
type Row = readonly [expression: string, matches: readonly (readonly [input: number, whole: Groups, found: Groups])[]]

// An optional group that matched nothing is unset here and empty in Java, `(a*)?`; a replacement shows neither.
function groups(match: readonly (string | null | undefined)[] | null): Groups {
  return match === null ? null : Array.from(match, (group) => group ?? '')
}

function reasonFor(expression: string): string {
  try {
    compileJavaRegex(expression)
    return 'accepted'
  } catch (error) {
    if (!isConfigError(error)) throw error
    return error.message
  }
}

test('matches, finds and captures what Java does', () => {
  for (const [expression, matches] of table.patterns as unknown as readonly Row[]) {
    const whole = compileJavaRegex(expression, { whole: true })
    const find = compileJavaRegex(expression)
    const expected = new Map(matches.map(([input, ...both]) => [input, both.map(groups)]))
    for (const [index, input] of table.inputs.entries()) {
      const ours = [groups(whole.exec(input)), groups(find.exec(input))]
      expect([expression, input, ...ours]).toEqual([expression, input, ...(expected.get(index) ?? [null, null])])
    }
  }
})

test('refuses what Java refuses, with its words', () => {
  for (const [expression, message] of table.errors) expect(reasonFor(expression!)).toBe(message)
})

test.each([
  ['a*+', 'a possessive quantifier'],
  ['(?>a)', 'an atomic group'],
  ['(?i)a', 'a flag within the expression'],
  ['(?i:a)', 'a flag within the expression'],
  ['\\Qa.b\\E', '\\Q'],
  ['\\R', '\\R'],
  ['\\X', '\\X'],
  ['\\G', '\\G'],
  ['\\N{BULLET}', '\\N'],
  ['\\b{g}', '\\b{…}'],
  ['[a&&b]', 'an intersection of classes'],
  ['[a[b]]', 'a class within a class'],
  ['[]a]', '"]" as the first member of a class (write "\\]")'],
  ['[\\v-a]', '\\v beside "-"'],
  ['\\p{IsLatin}', '\\p{IsLatin}'],
  ['\\p{script=Latin}', '\\p{script=Latin}'],
  ['\\p{javaLowerCase}', '\\p{javaLowerCase}'],
  ['^*', 'a repeated anchor or look-around'],
  ['(?=a)*', 'a repeated anchor or look-around'],
  ['a{2}{3}', 'a quantifier of a quantifier'],
  ['(a|b?)*', 'a repeated part that can match nothing'],
  ['(|a)?', 'an optional part that prefers to match nothing'],
  ['(?:(a)|b)*', 'a group within a repeated part'],
  ['(a)?\\1', 'a back reference to a group that may be unset'],
  ['\\1(a)', 'a back reference to a group that may be unset'],
  ['(a\\1)', 'a back reference to a group that may be unset'],
  ['(?<=a*)b', 'an unbounded look-behind'],
  ['(?<!(a))b', 'a group within a look-behind or a negative look-ahead'],
  ['(a)(?<=\\1)b', 'a back reference in a look-behind'],
])('refuses %s, which would mean something else here', (expression, what) => {
  expect(reasonFor(expression)).toContain(`Not supported by Sluice: ${what} near index`)
})

test('refuses deep nesting instead of running out of stack', () => {
  expect(reasonFor('('.repeat(10_000))).toContain('more than 100 nested groups')
})

test('does not take the names of object members for classes', () => {
  expect(reasonFor('\\p{constructor}')).toContain('Unknown character property name {constructor}')
})
