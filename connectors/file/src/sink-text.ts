import { javaText, type SinkRecord } from '@sluice/api'

/** Characters after which text is turned into bytes: the longest string of the platform must not be reached. */
const pieceLength = 16 * 1024 * 1024

/** One line of text per record: the value as Java prints it. */
export function linesOf(records: readonly SinkRecord[]): Buffer {
  const pieces: Buffer[] = []
  let text = ''
  for (const { value, valueSchema } of records) {
    text += `${javaText(value, valueSchema)}\n`
    if (text.length < pieceLength) continue
    pieces.push(encode(text))
    text = ''
  }
  const last = encode(text)
  return pieces.length === 0 ? last : Buffer.concat([...pieces, last])
}

function encode(text: string): Buffer {
  return Buffer.from(text.isWellFormed() ? text : withoutLoneSurrogates(text), 'utf8')
}

/** Java writes half of a surrogate pair, which has no bytes in UTF-8, as a question mark. */
function withoutLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '?')
}
