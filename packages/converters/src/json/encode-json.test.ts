import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeJson, encodeJsonAfter, quoteJson } from './encode-json.ts'

/** Character by character, by the rules alone. */
function slowly(text: string): string {
  const short: Record<string, string> = {
    '\b': '\\b',
    '\t': '\\t',
    '\n': '\\n',
    '\f': '\\f',
    '\r': '\\r',
    '"': '\\"',
    '\\': '\\\\',
  }
  const units = text.split('').map((unit) => {
    const code = unit.charCodeAt(0)
    const mustEscape = code < 0x20 || (code >= 0xd800 && code <= 0xdfff)
    return short[unit] ?? (mustEscape ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : unit)
  })
  return `"${units.join('')}"`
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)),
  fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', '\u001f', '\u007f', '\uefff', '\ufffd', '\uff01', '\ud83d\ude00'),
  }),
)

test('escapes what Java escapes, wherever it stands', () => {
  fc.assert(
    fc.property(anyText, anyText, (before, text) => {
      const json = `[${quoteJson(before)},${quoteJson(text)}]`
      const expected = `[${slowly(before)},${slowly(text)}]`
      expect(encodeJson(json).toString('utf8')).toBe(expected)
      expect(encodeJsonAfter(Buffer.from('{"x":'), json).toString('utf8')).toBe(`{"x":${expected}}`)
    }),
    { seed: 1201, numRuns: 3000 },
  )
})

test('escapes in texts of any length', () => {
  for (const length of [21_836, 21_842, 65_536, 200_000]) {
    const text = `${'é'.repeat(length)}\u0001`
    expect(encodeJson(quoteJson(text)).toString('utf8')).toBe(slowly(text))
    expect(encodeJsonAfter(Buffer.from('{'), quoteJson(text)).toString('utf8')).toBe(`{${slowly(text)}}`)
  }
})

test('gives bytes of their own each time', () => {
  const first = encodeJson('"first"')
  encodeJson('"other"')
  expect(String(first)).toBe('"first"')
})
