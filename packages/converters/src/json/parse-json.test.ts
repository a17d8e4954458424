import { describe, expect, test } from 'vitest'
import { DecimalText, exactNumbers, keysInOrder, parseJson } from './parse-json.ts'

const parse = (text: string): unknown => parseJson(text, exactNumbers)

describe('parseJson', () => {
  test.each([
    ['  [1, -2 ,{"a":[]}] ', [1, -2, { a: [] }]],
    ['{"a":1,"a":2}', { a: 2 }],
    ['007', 7],
    ['-0', 0],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-123456789012345678901234567890', -123456789012345678901234567890n],
    ['1.50', new DecimalText('1.50')],
    ['-0.0', new DecimalText('-0.0')],
    ['1e3', new DecimalText('1e3')],
    ['1E+99999', new DecimalText('1E+99999')],
    ['"a\\u00e9\\n\\/\\"\\\\\\ud83d\\ude00"', 'aé\n/"\\😀'],
    ['true', true],
    ['null', null],
    ['', undefined],
    [' \r\n\t ', undefined],
    ['1 2', 1],
    ['{"a":1}x', { a: 1 }],
    ['"a"b', 'a'],
    ['[]]', []],
    ['null]', null],
    ['1e2147483647', new DecimalText('1e2147483647')],
  ])('reads %j', (text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  test.each([
    '{',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{"a" 1}',
    "'a'",
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '"tab\there"',
    'tru',
    'truex',
    'nulll',
    'NaN',
    '-',
    '-a',
    '+1',
    '.5',
    '1.',
    '1.e3',
    '1e',
    '1e+',
    '1x',
    '1]',
    '1e2147483648',
    '// 1',
    '\ufeff1',
    `${'1'.repeat(1001)}`,
  ])('refuses %j without quoting it', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError)
    expect(() => parse(text)).not.toThrow(text.length > 3 ? text : '\u0000')
  })

  test('keeps names that objects inherit as properties of their own', () => {
    const object = parse('{"__proto__":1,"constructor":2,"toString":3}') as object
    expect(Object.entries(object)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 3],
    ])
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })

  test('remembers the order of keys that JavaScript lists first', () => {
    const object = parse('{"z":1,"2":2,"a":3,"1":4,"z":5}') as object
    expect(keysInOrder(object)).toEqual(['z', '2', 'a', '1'])
  })

  test('reads nesting up to the bound and no deeper', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => parse(nested(1000))).not.toThrow()
    expect(() => parse(nested(1001))).toThrow(/Nesting deeper than 1000/)
    expect(() => parse('['.repeat(1_000_000))).toThrow(/Nesting deeper than 1000/)
  })

  test('tells where the text is wrong', () => {
    expect(() => parse('{"a":01,"b":x}')).toThrow(
      'Unexpected character with code 120 at character 13: expected a value',
    )
    expect(() => parse('{"a":')).toThrow('Unexpected end of the text at character 6: expected a value')
  })
})
