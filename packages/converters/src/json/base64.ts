import { DataError } from '@sluice/api'

const clean = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const quartet = /[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==/g
// White space may stand before every group of four, and padding may end any of them.
// oxlint-disable-next-line no-control-regex -- Java skips control characters, too
const lenient = /^(?:[\u0000-\u0020]*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==))*[\u0000-\u0020]*$/

/** The bytes of base64 text, as strict about padding and foreign characters as Java; else a DataError. */
export function decodeBase64(text: string, complaint: string): Uint8Array {
  if (clean.test(text)) return new Uint8Array(Buffer.from(text, 'base64'))
  if (lenient.test(text)) {
    const parts = Array.from(text.matchAll(quartet), ([part]) => Buffer.from(part, 'base64'))
    return new Uint8Array(Buffer.concat(parts))
  }
  throw new DataError(complaint, { cause: new DataError('The text is not valid base64.') })
}
