/**
 * A text that is the same for JSON texts that mean the same to Connect: keys in any order, spaces anywhere, numbers in
 * any spelling. 1 and 1.0 stay apart, since one is an INT64 and the other a FLOAT64. Null when the text is no JSON.
 */
export function canonicalJson(text: string): string | null {
  try {
    return print(parseJson(text))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** `["connector",{partition}]` taken apart; null when the text is something else. */
export function parseOffsetKey(text: string): { readonly connector: string; readonly partition: string } | null {
  try {
    const parsed = parseJson(text)
    if (!Array.isArray(parsed) || parsed.length !== 2) return null
    const [connector, partition] = parsed as readonly unknown[]
    if (typeof connector !== 'string' || typeof partition !== 'object' || partition === null) return null
    return Array.isArray(partition) ? null : { connector, partition: print(partition) }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** A number as it was written, made comparable. */
class NumberToken {
  readonly text: string
  constructor(source: string) {
    this.text = /[.eE]/.test(source) ? `${Number(source)}f` : BigInt(source).toString()
  }
}

function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new NumberToken(context?.source ?? String(value)) : value,
  )
}

function print(value: unknown): string {
  if (value instanceof NumberToken) return value.text
  if (Array.isArray(value)) return `[${value.map(print).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${print(item)}`).join(',')}}`
}
