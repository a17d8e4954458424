import { ConfigError } from '../errors/connect-error.ts'

/** A Java expression being read, by code points, with what was met so far. */
export class JavaRegexReader {
  /** Index of the next character, in UTF-16 units as Java counts. */
  at = 0
  /** Groups opened so far. */
  groups = 0
  /** Those of them that can match the empty text, once closed. */
  readonly emptyGroups: Set<number> = new Set()
  depth = 0
  lookBehind = false
  noCapture = false
  readonly names: Map<string, number> = new Map()
  readonly #pattern: string

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  get atEnd(): boolean {
    return this.at >= this.#pattern.length
  }

  /** The character last read. */
  get previous(): string {
    return this.#pattern.charAt(this.at - 1)
  }

  /** The next character, empty at the end. */
  peek(): string {
    const code = this.#pattern.codePointAt(this.at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  looksAt(text: string): boolean {
    return this.#pattern.startsWith(text, this.at)
  }

  next(): string {
    const char = this.peek()
    this.at += char.length
    return char
  }

  /** Reads the text if it comes next. */
  take(text: string): boolean {
    const found = this.looksAt(text)
    if (found) this.at += text.length
    return found
  }

  /** Passes over one character and returns what was made of it. */
  skip<T>(made: T): T {
    this.next()
    return made
  }

  digits(): string {
    return this.#take(/[0-9]*/y)
  }

  /** Exactly or at most so many hexadecimal digits. */
  hex(): string {
    return this.#take(/[0-9a-fA-F]*/y)
  }

  /** Reads what the sticky expression matches here. */
  #take(expression: RegExp): string {
    expression.lastIndex = this.at
    const found = expression.exec(this.#pattern)?.[0] ?? ''
    this.at += found.length
    return found
  }

  /** The name of a group and its `>`. */
  groupName(): string {
    const name = this.#take(/[A-Za-z][A-Za-z0-9]*/y)
    if (name === '') throw this.error('capturing group name does not start with a Latin letter', this.at)
    if (!this.take('>')) throw this.error("named capturing group is missing trailing '>'", this.at)
    return name
  }

  close(): void {
    if (!this.take(')')) throw this.error('Unclosed group', this.#pattern.length)
  }

  /** A character that stands for itself, safe at any place of a JavaScript expression. */
  literal(char: string): string {
    return /^[A-Za-z0-9_]$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  }

  /** An error in the form of Java's PatternSyntaxException, which counts in code points and keeps tabs. */
  error(reason: string, index: number): ConfigError {
    const before = Array.from(this.#pattern.slice(0, index))
    const place = before.length + Math.max(0, index - this.#pattern.length)
    const padding = before.map((char) => (char === '\t' ? char : ' ')).join('')
    const mark = index < this.#pattern.length ? `\n${padding}^` : ''
    return new ConfigError(`${reason} near index ${place}\n${this.#pattern}${mark}`)
  }

  /** An error about what Java knows and Sluice does not translate. */
  unsupported(what: string, index: number): ConfigError {
    return this.error(`Not supported by Sluice: ${what}`, index)
  }
}
