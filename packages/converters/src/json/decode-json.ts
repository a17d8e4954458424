import { isUtf8 } from 'node:buffer'
import { decodeMalformedUtf8 } from '@sluice/api'
import { bufferOf } from '../buffer-of.ts'

/**
 * The text of a JSON document in the encoding that its first bytes tell: UTF-8, or UTF-16 and UTF-32 in either byte
 * order, with a byte order mark or without. Where bytes are not UTF-8 the text ends with a character that no JSON
 * holds: what a parser needs beyond it is an error, what comes before can be read.
 *
 * A JSON document begins with an ASCII character, so that the zero bytes among the first four give the width away.
 */
export function decodeJson(bytes: Uint8Array): string {
  const { encoding, mark } = detectEncoding(bytes)
  const body = bufferOf(mark === 0 ? bytes : bytes.subarray(mark))
  switch (encoding) {
    case 'utf8':
      return decodeUtf8(body)
    case 'utf16':
      return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(body)
    case 'utf16le':
      return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(body)
    case 'utf32':
      return decodeUtf32(body, (at) => body.readUInt32BE(at))
    case 'utf32le':
      return decodeUtf32(body, (at) => body.readUInt32LE(at))
  }
}

const illegal = '\u0000'

interface Detected {
  readonly encoding: 'utf8' | 'utf16' | 'utf16le' | 'utf32' | 'utf32le'
  /** Length of the byte order mark. */
  readonly mark: number
}

const plainUtf8: Detected = { encoding: 'utf8', mark: 0 }

function detectEncoding(bytes: Uint8Array): Detected {
  const [a = 1, b = 1, c = 1, d = 1] = bytes
  // The usual case at once: ASCII in front, so no mark and no wide encoding.
  if (a !== 0 && a < 0x80 && b !== 0) return plainUtf8
  return byMark([a, b, c, d]) ?? byZeros([a, b, c, d], bytes.length)
}

type FirstBytes = readonly [number, number, number, number]

function byMark([a, b, c, d]: FirstBytes): Detected | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf8', mark: 3 }
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? { encoding: 'utf32le', mark: 4 } : { encoding: 'utf16le', mark: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf16', mark: 2 }
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: 'utf32', mark: 4 }
  return null
}

function byZeros([a, b, c, d]: FirstBytes, length: number): Detected {
  if (length >= 4 && a === 0 && b === 0 && c === 0) return { encoding: 'utf32', mark: 0 }
  if (length >= 4 && b === 0 && c === 0 && d === 0) return { encoding: 'utf32le', mark: 0 }
  if (length >= 2 && a === 0) return { encoding: 'utf16', mark: 0 }
  if (length >= 2 && b === 0) return { encoding: 'utf16le', mark: 0 }
  return plainUtf8
}

function decodeUtf8(body: Buffer): string {
  const text = body.toString('utf8')
  // Decoding puts U+FFFD where bytes are not UTF-8; only then is it worth asking whether they are.
  if (!text.includes('\uFFFD') || isUtf8(body)) return text
  return body.toString('utf8', 0, decodeMalformedUtf8(body).firstErrorAt) + illegal
}

function decodeUtf32(body: Buffer, read: (at: number) => number): string {
  let text = ''
  for (let at = 0; at + 4 <= body.length; at += 4) {
    const codePoint = read(at)
    if (codePoint > 0x10ffff) return text + illegal
    text += String.fromCodePoint(codePoint)
  }
  return text
}
