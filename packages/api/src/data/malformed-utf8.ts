/** Text of bytes that are not all UTF-8. */
export interface MalformedText {
  readonly text: string
  /** Where the first byte lies that is not UTF-8; -1 when there is none. */
  readonly firstErrorAt: number
}

const replacement = '\uFFFD'

/**
 * Decodes UTF-8 as Java does: one U+FFFD for each run of bytes that could have begun a character. Platform decoders
 * agree save for encoded surrogates (ED A0 80), for which Java gives one U+FFFD and they give three. Slow: for bytes
 * that a platform decoder has found wanting.
 */
export function decodeMalformedUtf8(bytes: Uint8Array): MalformedText {
  let text = ''
  let firstErrorAt = -1
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      text += String.fromCodePoint(codePointAt(bytes, at, length))
      at += length
    } else {
      if (firstErrorAt < 0) firstErrorAt = at
      text += replacement
      at -= length
    }
  }
  return { text, firstErrorAt }
}

/** The length of the character that begins here; when it is none, the bytes that one U+FFFD stands for, negated. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return -1
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  const good = goodBytes(bytes, at, length)
  if (good < length) return -good
  const isSurrogate = first === 0xed && (bytes[at + 1] ?? 0) >= 0xa0
  return isSurrogate ? -length : length
}

/** How many bytes from here on could belong to a character of this length. */
function goodBytes(bytes: Uint8Array, at: number, length: number): number {
  const [lowest, highest] = secondByteRange(bytes[at] ?? 0)
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0
    const isGood = i === 1 ? byte >= lowest && byte <= highest : byte >= 0x80 && byte <= 0xbf
    if (!isGood) return i
  }
  return length
}

/** Excludes overlong forms and what lies beyond U+10FFFF. */
function secondByteRange(first: number): readonly [lowest: number, highest: number] {
  if (first === 0xe0) return [0xa0, 0xbf]
  if (first === 0xf0) return [0x90, 0xbf]
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf]
}

function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] ?? 0
  if (length === 1) return first
  let codePoint = first & (0x7f >> length)
  for (let i = 1; i < length; i++) codePoint = (codePoint << 6) | ((bytes[at + i] ?? 0) & 0x3f)
  return codePoint
}
