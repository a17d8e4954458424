import { decodeMalformedUtf8 } from '@sluice/api'
import { bufferOf } from './buffer-of.ts'

/** Text to bytes and back as Java's charset of a name does it: what does not fit is replaced, never refused. */
export interface Charset {
  encode(text: string): Buffer
  decode(bytes: Uint8Array): string
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['utf8', 'utf-8'],
  ['unicode-1-1-utf-8', 'utf-8'],
  ['ascii', 'us-ascii'],
  ['iso646-us', 'us-ascii'],
  ['iso-ir-6', 'us-ascii'],
  ['latin1', 'iso-8859-1'],
  ['l1', 'iso-8859-1'],
  ['iso8859_1', 'iso-8859-1'],
  ['iso8859-1', 'iso-8859-1'],
  ['iso_8859-1', 'iso-8859-1'],
  ['iso_8859_1', 'iso-8859-1'],
  ['8859_1', 'iso-8859-1'],
  ['cp819', 'iso-8859-1'],
  ['ibm819', 'iso-8859-1'],
  ['utf16', 'utf-16'],
  ['utf_16', 'utf-16'],
  ['utf_16be', 'utf-16be'],
  ['utf_16le', 'utf-16le'],
])

/** Names of the charsets there are, for messages. Case does not matter, and Java's usual aliases are known. */
export const charsetNames: readonly string[] = ['UTF-8', 'US-ASCII', 'ISO-8859-1', 'UTF-16', 'UTF-16BE', 'UTF-16LE']

/** The charset of this name; null when it is not one of `charsetNames`. */
export function findCharset(name: string): Charset | null {
  const lowerCase = name.toLowerCase()
  return charsets.get(aliases.get(lowerCase) ?? lowerCase) ?? null
}

/** UTF-8. A lone surrogate is written as `?`, bytes that are not UTF-8 are read as U+FFFD. */
export const utf8: Charset = {
  encode: (text) => Buffer.from(text.isWellFormed() ? text : withoutLoneSurrogates(text), 'utf8'),
  decode(bytes) {
    const text = bufferOf(bytes).toString('utf8')
    // Only bytes that are not UTF-8 need Java's way of replacing them; text with a U+FFFD of its own comes out the same.
    return text.includes('\uFFFD') ? decodeMalformedUtf8(bytes).text : text
  },
}

const unmappable = 0x3f

function withoutLoneSurrogates(text: string, replacement = '?'): string {
  return text.replace(/\p{Surrogate}/gu, replacement)
}

function singleByte(highest: number, decode: (bytes: Buffer) => string): Charset {
  return {
    encode(text) {
      const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0)
      return Buffer.from(codes.map((code) => (code > highest ? unmappable : code)))
    },
    decode: (bytes) => decode(bufferOf(bytes)),
  }
}

function decodeAscii(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\u0080-\u00ff]/g, '\uFFFD')
}

const bigEndianMark = Buffer.from([0xfe, 0xff])

function encodeUtf16(text: string, order: 'be' | 'le'): Buffer {
  const bytes = Buffer.from(withoutLoneSurrogates(text, '\uFFFD'), 'utf16le')
  return order === 'be' ? bytes.swap16() : bytes
}

function decodeUtf16(bytes: Uint8Array, order: 'be' | 'le'): string {
  return new TextDecoder(`utf-16${order}`, { ignoreBOM: true }).decode(bytes)
}

/** The mark in front tells the byte order; without one it is big-endian. */
function decodeMarkedUtf16(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes.subarray(2), 'be')
  return first === 0xff && second === 0xfe ? decodeUtf16(bytes.subarray(2), 'le') : decodeUtf16(bytes, 'be')
}

const charsets: ReadonlyMap<string, Charset> = new Map([
  ['utf-8', utf8],
  ['us-ascii', singleByte(0x7f, decodeAscii)],
  ['iso-8859-1', singleByte(0xff, (bytes) => bytes.toString('latin1'))],
  [
    'utf-16',
    {
      encode: (text) => (text === '' ? Buffer.alloc(0) : Buffer.concat([bigEndianMark, encodeUtf16(text, 'be')])),
      decode: decodeMarkedUtf16,
    },
  ],
  ['utf-16be', { encode: (text) => encodeUtf16(text, 'be'), decode: (bytes) => decodeUtf16(bytes, 'be') }],
  ['utf-16le', { encode: (text) => encodeUtf16(text, 'le'), decode: (bytes) => decodeUtf16(bytes, 'le') }],
])
