/**
 * A JSON parser that loses nothing of a number and is as lenient and as strict as Java's Jackson with Connect's
 * settings: leading zeros pass, text after the first value is ignored, nesting and the length of a number are bounded,
 * the last of two equal keys wins. `JSON.parse` is several times faster; this one is for what that cannot do.
 */

/** A number that was written with a fraction or an exponent, as its text. */
export class DecimalText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Makes values of number tokens. Integers of up to 15 digits never come here: they are plain numbers. */
export interface NumberReader {
  integer(text: string): unknown
  decimal(text: string): unknown
}

/** Keeps every number exact: integers as `number` when safe, else `bigint`; the rest as `DecimalText`. */
export const exactNumbers: NumberReader = {
  integer(text) {
    const value = BigInt(text)
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  },
  decimal: (text) => new DecimalText(text),
}

/** The deepest nesting that is read; deeper documents are an error, as in Java. */
export const maxDepth = 1000

const maxNumberLength = 1000
const maxExponent = 2 ** 31 - 1

/**
 * The first value in the text, or undefined when there is nothing but white space.
 * Throws a SyntaxError that tells the position and never quotes the text.
 */
export function parseJson(text: string, numbers: NumberReader): unknown {
  return new Parser(text, numbers).root()
}

/** The keys of objects among whose keys are some that JavaScript would list out of order. */
const keyOrders = new WeakMap<object, readonly string[]>()

/** The keys of an object from `parseJson` in the order of the document; `Object.keys` lists integer-like ones first. */
export function keysInOrder(object: object): readonly string[] {
  return keyOrders.get(object) ?? Object.keys(object)
}

/** The only value in the text. Throws a SyntaxError when there is none, or anything but white space after it. */
export function parseWholeJson(text: string, numbers: NumberReader): unknown {
  const parser = new Parser(text, numbers)
  const value = parser.root()
  parser.end()
  return value
}

const quote = 0x22
const backslash = 0x5c

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

class Parser {
  readonly #text: string
  readonly #numbers: NumberReader
  #at = 0
  #depth = 0

  constructor(text: string, numbers: NumberReader) {
    this.#text = text
    this.#numbers = numbers
  }

  root(): unknown {
    const first = this.#next()
    if (Number.isNaN(first)) return undefined
    const value = this.#value(first)
    const isNumber = first === 0x2d || isDigit(first)
    if (isNumber && this.#at < this.#text.length && !isSpace(this.#text.charCodeAt(this.#at)))
      throw this.#unexpected('white space after the number')
    return value
  }

  /** Throws unless the text ends here. */
  end(): void {
    if (!Number.isNaN(this.#next())) throw this.#unexpected('the end of the text')
  }

  /** Skips white space and looks at the next character; NaN at the end. */
  #next(): number {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++
    return this.#text.charCodeAt(this.#at)
  }

  #value(first: number): unknown {
    switch (first) {
      case 0x7b:
        return this.#object()
      case 0x5b:
        return this.#array()
      case quote:
        return this.#string()
      case 0x74:
        return this.#literal('true', true)
      case 0x66:
        return this.#literal('false', false)
      case 0x6e:
        return this.#literal('null', null)
      default:
        return this.#number(first)
    }
  }

  #object(): Record<string, unknown> {
    this.#enter()
    const object: Record<string, unknown> = {}
    let order: Set<string> | null = null
    let next = this.#next()
    while (next !== 0x7d) {
      if (next !== quote) throw this.#unexpected('a key in double quotes')
      const key = this.#string()
      if (this.#next() !== 0x3a) throw this.#unexpected('a colon after a key')
      this.#at++
      if (order === null && isDigit(key.charCodeAt(0))) order = new Set(Object.keys(object))
      order?.add(key)
      setOwn(object, key, this.#value(this.#next()))
      next = this.#next()
      if (next === 0x7d) break
      if (next !== 0x2c) throw this.#unexpected('a comma or the end of the object')
      this.#at++
      next = this.#next()
      if (next === 0x7d) throw this.#unexpected('a key after the comma')
    }
    this.#leave()
    if (order !== null) keyOrders.set(object, [...order])
    return object
  }

  #array(): unknown[] {
    this.#enter()
    const array: unknown[] = []
    let next = this.#next()
    while (next !== 0x5d) {
      array.push(this.#value(next))
      next = this.#next()
      if (next === 0x5d) break
      if (next !== 0x2c) throw this.#unexpected('a comma or the end of the array')
      this.#at++
      next = this.#next()
      if (next === 0x5d) throw this.#unexpected('a value after the comma')
    }
    this.#leave()
    return array
  }

  #enter(): void {
    this.#at++
    if (++this.#depth > maxDepth)
      throw new SyntaxError(`Nesting deeper than ${maxDepth} levels at character ${this.#at}`)
  }

  #leave(): void {
    this.#at++
    this.#depth--
  }

  #string(): string {
    const text = this.#text
    let start = ++this.#at
    let done = ''
    for (;;) {
      const code = text.charCodeAt(this.#at)
      if (code === quote) return done + text.slice(start, this.#at++)
      if (code === backslash) {
        done += text.slice(start, this.#at) + this.#escape()
        start = this.#at
      } else if (code >= 0x20) {
        this.#at++
      } else {
        throw this.#unexpected('the end of a string') // also at the end of the text, where the code is NaN
      }
    }
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at + 1)
    if (letter === 'u') {
      const hex = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#unexpected('four hexadecimal digits')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    const char = escapes.get(letter)
    if (char === undefined) throw this.#unexpected('an escape that JSON knows')
    this.#at += 2
    return char
  }

  #literal<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value')
    this.#at += word.length
    if (/[A-Za-z0-9_$]/.test(this.#text.charAt(this.#at))) throw this.#unexpected('the end of a word')
    return value
  }

  #number(first: number): unknown {
    const start = this.#at
    if (first === 0x2d) this.#at++
    this.#digits('a value')
    const integerEnd = this.#at
    if (this.#text.charCodeAt(this.#at) === 0x2e) {
      this.#at++
      this.#digits('a digit after the decimal point')
    }
    if ((this.#text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at++
      const sign = this.#text.charCodeAt(this.#at)
      if (sign === 0x2b || sign === 0x2d) this.#at++
      const exponentStart = this.#at
      this.#digits('a digit in the exponent')
      this.#checkExponent(exponentStart)
    }
    const token = this.#text.slice(start, this.#at)
    if (token.length > maxNumberLength)
      throw new SyntaxError(
        `A number of ${token.length} characters at character ${start + 1}; ${maxNumberLength} are read`,
      )
    if (this.#at > integerEnd) return this.#numbers.decimal(token)
    // Adding 0 makes a plain zero of -0: a Java integer has no sign at zero.
    return token.length <= 15 ? Number(token) + 0 : this.#numbers.integer(token)
  }

  /** Java keeps the exponent of a decimal in 32 bits. */
  #checkExponent(start: number): void {
    if (Number(this.#text.slice(start, this.#at)) <= maxExponent) return
    throw new SyntaxError(`An exponent beyond 32 bits at character ${start + 1}`)
  }

  #digits(expected: string): void {
    const start = this.#at
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++
    if (this.#at === start) throw this.#unexpected(expected)
  }

  #unexpected(expected: string): SyntaxError {
    const position = `at character ${this.#at + 1}`
    if (this.#at >= this.#text.length)
      return new SyntaxError(`Unexpected end of the text ${position}: expected ${expected}`)
    const code = this.#text.charCodeAt(this.#at)
    return new SyntaxError(`Unexpected character with code ${code} ${position}: expected ${expected}`)
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

// A plain assignment to `__proto__` would call its setter instead of adding a property.
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    object[key] = value
  }
}
