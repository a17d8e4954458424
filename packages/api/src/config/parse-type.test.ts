import { expect, test } from 'vitest'
import table from '../../testdata/configdef.json' with { type: 'json' }
import type { ConfigType, ConfigValue } from './field.ts'
import { parseType, typeText } from './parse-type.ts'
import { isSecret } from './secret.ts'

type Row = readonly [type: ConfigType, text: string, value: unknown, shown: string]

const rows = table.parseType as unknown as readonly Row[]
const javaClasses = (name: string): string | null => (name === 'java.lang.String' ? name : null)

function plain(value: ConfigValue): unknown {
  if (isSecret(value)) return value.reveal()
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value)
  return value
}

test('reads every text of every type as Connect does, with its messages', () => {
  expect(rows.length).toBeGreaterThan(300)
  for (const [type, text, value, shown] of rows) {
    const parsed = parseType(type, 'k', text, javaClasses)
    const found = 'value' in parsed ? [plain(parsed.value), typeText(type, parsed.value)] : [null, parsed.problem]
    expect([type, text, ...found]).toEqual([type, text, value, shown])
  }
})

test('takes a class name as it stands when nobody can look it up', () => {
  expect(parseType('CLASS', 'k', ' no.such.Class ')).toEqual({ value: 'no.such.Class' })
})

test('keeps a LONG exact: a number as far as that is safe, a bigint beyond', () => {
  expect(parseType('LONG', 'k', '9007199254740991')).toEqual({ value: 9007199254740991 })
  expect(parseType('LONG', 'k', '9007199254740992')).toEqual({ value: 9007199254740992n })
  expect(parseType('LONG', 'k', '-9223372036854775808')).toEqual({ value: -(2n ** 63n) })
  expect(parseType('LONG', 'k', '-9223372036854775809')).toHaveProperty('problem')
})

test('trims what Java trims: control characters and spaces, not every space of Unicode', () => {
  expect(parseType('STRING', 'k', '\u0000\u001f a\u00a0 \t')).toEqual({ value: 'a\u00a0' })
  expect(parseType('LIST', 'k', 'a\u00a0,\u2003b')).toEqual({ value: ['a\u00a0', '\u2003b'] })
})

test('prints a DOUBLE as Java does', () => {
  const shown = [0, -0, 1, 0.001, 0.00099, 1e7, 9999999.5, 123456789, 1.5e-300, NaN, -Infinity]
  expect(shown.map((value) => typeText('DOUBLE', value))).toEqual([
    '0.0',
    '-0.0',
    '1.0',
    '0.001',
    '9.9E-4',
    '1.0E7',
    '9999999.5',
    '1.23456789E8',
    '1.5E-300',
    'NaN',
    '-Infinity',
  ])
})
