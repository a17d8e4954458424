const brand: unique symbol = Symbol.for('sluice.secret')

const hidden = '[hidden]'

/**
 * The value of a `password` key. It prints as `[hidden]` in text, JSON, template strings and `console.log`;
 * `reveal()` is the only way to the text, so that every use of it can be found.
 */
export class Secret {
  readonly #text: string
  readonly [brand] = true

  constructor(text: string) {
    this.#text = text
  }

  /** The secret itself. Hand it to the system that needs it and to nothing else (I7). */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [Symbol.toPrimitive](): string {
    return hidden
  }

  // Node's `util.inspect` looks this symbol up, so nothing has to be imported from Node.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden
  }
}

/** True for a Secret of this or any other copy of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value
}
