import { endOfString } from './scan-numbers.ts'

/** Where the parts of an envelope lie in its bytes. */
export interface EnvelopeParts {
  readonly schemaStart: number
  readonly schemaEnd: number
  readonly payloadStart: number
}

const schemaKey = Buffer.from('"schema"')
const payloadKey = Buffer.from('"payload"')
const nullWord = Buffer.from('null')

/**
 * Finds the schema in `{"schema":…,"payload":…`, keys in this order and white space anywhere, without parsing it. Null
 * when the bytes do not begin so: the caller then parses the whole. What is found is only where brackets balance, not
 * that it is valid JSON.
 */
export function splitEnvelope(bytes: Buffer): EnvelopeParts | null {
  const keyStart = afterByte(bytes, 0, 0x7b)
  const schemaStart = valueAfterKey(bytes, keyStart, schemaKey)
  const schemaEnd = endOfSchema(bytes, schemaStart)
  const payloadStart = valueAfterKey(bytes, afterByte(bytes, schemaEnd, 0x2c), payloadKey)
  return payloadStart < 0 ? null : { schemaStart, schemaEnd, payloadStart }
}

// A position of -1 means that something did not match; every step passes it on.

function skipSpace(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    at++
  }
  return at
}

function afterByte(bytes: Buffer, start: number, expected: number): number {
  if (start < 0) return -1
  const at = skipSpace(bytes, start)
  return bytes[at] === expected ? skipSpace(bytes, at + 1) : -1
}

function valueAfterKey(bytes: Buffer, start: number, key: Buffer): number {
  if (start < 0 || !startsWith(bytes, start, key)) return -1
  return afterByte(bytes, start + key.length, 0x3a)
}

function endOfSchema(bytes: Buffer, start: number): number {
  if (start < 0) return -1
  if (bytes[start] === 0x7b) return endOfObject(bytes, start)
  return startsWith(bytes, start, nullWord) ? start + nullWord.length : -1
}

function startsWith(bytes: Buffer, start: number, word: Buffer): boolean {
  if (start + word.length > bytes.length) return false
  return bytes.compare(word, 0, word.length, start, start + word.length) === 0
}

function endOfObject(bytes: Buffer, start: number): number {
  let depth = 0
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte === 0x22) {
      at = endOfString(bytes, at + 1, bytes.length)
      continue
    }
    at++
    if (byte === 0x7b || byte === 0x5b) depth++
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return at
  }
  return -1
}
