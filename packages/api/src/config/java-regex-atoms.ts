import type { JavaRegexReader } from './java-regex-reader.ts'

// Java's predefined and POSIX classes, without its UNICODE_CHARACTER_CLASS flag.
const predefined: Readonly<Record<string, string>> = {
  d: '0-9',
  s: String.raw`\t\n\v\f\r\u{20}`,
  w: 'a-zA-Z0-9_',
  h: String.raw`\t\u{20}\u{a0}\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}`,
  v: String.raw`\n\v\f\r\u{85}\u{2028}\u{2029}`,
}

const posix: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: String.raw`\u{0}-\u{7f}`,
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: String.raw`\u{21}-\u{2f}\u{3a}-\u{40}\u{5b}-\u{60}\u{7b}-\u{7e}`,
  Graph: String.raw`\u{21}-\u{7e}`,
  Print: String.raw`\u{20}-\u{7e}`,
  Blank: String.raw`\t\u{20}`,
  Cntrl: String.raw`\u{0}-\u{1f}\u{7f}`,
  XDigit: '0-9a-fA-F',
  Space: String.raw`\t\n\v\f\r\u{20}`,
}

const generalCategory = /^(?:L[ulmtoC]?|M[nec]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 }

/** What an escape means: one character by its code, or a class in JavaScript's spelling. */
type Escape = { readonly code: number } | { readonly set: string }

/** Reads what follows a backslash outside of a class, back references and anchors aside. */
export function readEscape(reader: JavaRegexReader): string {
  const escape = read(reader)
  return 'set' in escape ? escape.set : reader.literal(String.fromCodePoint(escape.code))
}

/** Reads a class after its `[`. */
export function readClass(reader: JavaRegexReader): string {
  const opening = reader.take('^') ? '[^' : '['
  if (reader.looksAt(']')) {
    // Java takes it as a member; but not where it is the last one. Both are easily written `\]`.
    reader.next()
    throw reader.atEnd
      ? reader.error('Unclosed character class', reader.at - 1)
      : reader.unsupported('"]" as the first member of a class (write "\\]")', reader.at - 1)
  }
  let members = ''
  while (!reader.take(']')) {
    if (reader.atEnd) throw reader.error('Unclosed character class', reader.at - 1)
    members += readMember(reader)
  }
  return `${opening}${members}]`
}

function readMember(reader: JavaRegexReader): string {
  if (reader.looksAt('[')) throw reader.unsupported('a class within a class', reader.at)
  if (reader.looksAt('&&')) throw reader.unsupported('an intersection of classes', reader.at)
  const verticals = reader.looksAt('\\v')
  const first = readOne(reader)
  const range = reader.looksAt('-') && !reader.looksAt('-]') && !reader.looksAt('-[')
  // Beside a `-`, Java takes `\v` for one character, the vertical tab.
  if (verticals && reader.looksAt('-')) throw reader.unsupported('\\v beside "-"', reader.at - 1)
  if ('set' in first) return first.set
  const from = reader.literal(String.fromCodePoint(first.code))
  if (!range) return from
  reader.next()
  if (reader.looksAt('\\v')) throw reader.unsupported('\\v beside "-"', reader.at)
  if (reader.atEnd) throw reader.error('Illegal character range', reader.at)
  const last = readOne(reader)
  if ('set' in last || last.code < first.code) throw reader.error('Illegal character range', reader.at - 1)
  return `${from}-${reader.literal(String.fromCodePoint(last.code))}`
}

function readOne(reader: JavaRegexReader): Escape {
  return reader.take('\\') ? read(reader) : { code: reader.next().codePointAt(0) ?? 0 }
}

function read(reader: JavaRegexReader): Escape {
  const start = reader.at
  const char = reader.next()
  const control = controls[char]
  if (control !== undefined) return { code: control }
  const members = predefined[char.toLowerCase()]
  if (members !== undefined) return { set: `[${char === char.toLowerCase() ? '' : '^'}${members}]` }
  if (!/^[A-Za-z0-9]?$/.test(char)) return { code: char.codePointAt(0) ?? 0 }
  switch (char) {
    case 'p':
    case 'P':
      return readProperty(reader, char === 'P')
    case '0':
      return readOctal(reader)
    case 'x':
      return readHex(reader)
    case 'u':
      return readUnicode(reader)
    case 'c':
      return readControl(reader, start)
    case '':
      throw reader.error('Unexpected internal error', reader.at)
    default:
      throw 'QERXGN'.includes(char)
        ? reader.unsupported(`\\${char}`, start)
        : reader.error('Illegal/unsupported escape sequence', start)
  }
}

function readControl(reader: JavaRegexReader, start: number): Escape {
  if (reader.atEnd) throw reader.error('Illegal control escape sequence', start)
  return { code: (reader.next().codePointAt(0) ?? 0) ^ 64 }
}

function readOctal(reader: JavaRegexReader): Escape {
  let code = 0
  let digits = 0
  while (/^[0-7]$/.test(reader.peek()) && digits < 3 && code * 8 + Number(reader.peek()) <= 0o377) {
    code = code * 8 + Number(reader.next())
    digits++
  }
  if (digits === 0) throw reader.error('Illegal octal escape sequence', reader.at)
  return { code }
}

function readHex(reader: JavaRegexReader): Escape {
  const braced = reader.take('{')
  const start = reader.at
  const digits = reader.hex()
  if (braced) {
    if (digits === '' || !reader.take('}')) throw reader.error('Unclosed hexadecimal escape sequence', reader.at)
    const code = Number.parseInt(digits, 16)
    if (code > 0x10ffff) throw reader.error('Hexadecimal codepoint is too big', reader.at - 2)
    return { code }
  }
  if (digits.length < 2) throw reader.error('Illegal hexadecimal escape sequence', reader.at)
  reader.at = start + 2
  return { code: Number.parseInt(digits.slice(0, 2), 16) }
}

function readUnicode(reader: JavaRegexReader): Escape {
  const code = readUnit(reader)
  const after = reader.at
  if (code >= 0xd800 && code <= 0xdbff && reader.take('\\u')) {
    const low = readUnit(reader)
    if (low >= 0xdc00 && low <= 0xdfff) return { code: 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) }
    reader.at = after
  }
  return { code }
}

function readUnit(reader: JavaRegexReader): number {
  const start = reader.at
  const digits = reader.hex()
  if (digits.length < 4) throw reader.error('Illegal Unicode escape sequence', reader.at)
  reader.at = start + 4
  return Number.parseInt(digits.slice(0, 4), 16)
}

function readProperty(reader: JavaRegexReader, negated: boolean): Escape {
  let name = reader.next()
  if (name === '{') {
    name = ''
    while (!reader.atEnd && !reader.looksAt('}')) name += reader.next()
    if (!reader.take('}')) throw reader.error('Unclosed character family', reader.at)
  }
  const members = Object.hasOwn(posix, name) ? posix[name] : undefined
  if (members !== undefined) return { set: `[${negated ? '^' : ''}${members}]` }
  if (generalCategory.test(name)) return { set: `\\${negated ? 'P' : 'p'}{${name}}` }
  if (/^(?:Is|In|java)|=/.test(name)) throw reader.unsupported(`\\p{${name}}`, reader.at - 1)
  throw reader.error(`Unknown character property name {${name}}`, reader.at - 1)
}
