// Expressions in configs are written for Java. Those that mean the same here are rewritten for JavaScript piece by
// piece (`$`, `.`, `\s` and others differ); what could mean something else is refused with a reason, so that no record
// takes another way than under Java. Refused for that reason, beside syntax that only Java has:
// - a repeated part that can match nothing, `(a|b?)*`: the engines leave such loops at different moments;
// - a group within a repeated part, `(?:(a)|b)*`: JavaScript clears it in each round, Java keeps the text of an earlier
//   or even of an abandoned one. A group that is itself what is repeated, `(a)*`, is fine;
// - a back reference to a group that may be unset: it matches nothing in JavaScript and fails in Java.
import { readClass, readEscape } from './java-regex-atoms.ts'
import { JavaRegexReader } from './java-regex-reader.ts'

/** A translated part and what must be known of it to repeat it safely. */
interface Part {
  readonly source: string
  /** Whether it can match the empty text. */
  readonly nullable: boolean
  /** Whether matching nothing is the last thing that it tries. */
  readonly emptyLast: boolean
  /** Numbers of the groups in it, and those of them that are set whenever it matched. */
  readonly groups: readonly number[]
  readonly sets: readonly number[]
}

const deepest = 100

/**
 * The JavaScript equivalent of a Java regular expression, with Java's defaults (no flags).
 * Throws a ConfigError with the reason, in Java's words where it has them, when there is none.
 * The result searches (`find`); `{ whole: true }` gives one that must match the whole text (`matches`).
 */
export function compileJavaRegex(pattern: string, options: { readonly whole?: boolean } = {}): RegExp {
  const reader = new JavaRegexReader(pattern)
  const { source } = alternatives(reader, [])
  if (!reader.atEnd) throw reader.error("Unmatched closing ')'", reader.at - 1)
  return new RegExp(options.whole === true ? `^(?:${source})$` : source, 'v')
}

function alternatives(reader: JavaRegexReader, known: readonly number[]): Part {
  let all = sequence(reader, known)
  while (reader.take('|')) {
    const next = sequence(reader, known)
    all = {
      source: `${all.source}|${next.source}`,
      nullable: all.nullable || next.nullable,
      emptyLast: !all.nullable && next.emptyLast,
      groups: [...all.groups, ...next.groups],
      sets: all.sets.filter((group) => next.sets.includes(group)),
    }
  }
  return all
}

function sequence(reader: JavaRegexReader, known: readonly number[]): Part {
  let all: Part = { source: '', nullable: true, emptyLast: true, groups: [], sets: [] }
  while (!reader.atEnd && !reader.looksAt('|') && !reader.looksAt(')')) {
    const next = repeated(reader, [...known, ...all.sets])
    all = {
      source: all.source + next.source,
      nullable: all.nullable && next.nullable,
      emptyLast: all.emptyLast && next.emptyLast,
      groups: [...all.groups, ...next.groups],
      sets: [...all.sets, ...next.sets],
    }
  }
  return all
}

function repeated(reader: JavaRegexReader, known: readonly number[]): Part {
  const start = reader.at
  const atom = readAtom(reader, known)
  const times = readQuantifier(reader)
  if (times === null) return atom.part
  if (atom.fixed) throw reader.unsupported('a repeated anchor or look-around', start)
  const { part } = atom
  const { least, most } = times
  if (most > 1) {
    if (part.nullable) throw reader.unsupported('a repeated part that can match nothing', start)
    if (part.groups.length > (atom.capture ? 1 : 0)) throw reader.unsupported('a group within a repeated part', start)
    if (most === Infinity && reader.lookBehind) throw reader.unsupported('an unbounded look-behind', start)
  } else if (part.nullable && !part.emptyLast) {
    throw reader.unsupported('an optional part that prefers to match nothing', start)
  }
  return {
    source: part.source + times.source,
    nullable: part.nullable || least === 0,
    emptyLast: least === 0 ? !times.lazy : part.emptyLast,
    groups: part.groups,
    sets: least === 0 ? [] : part.sets,
  }
}

interface Times {
  readonly source: string
  readonly least: number
  readonly most: number
  readonly lazy: boolean
}

function readQuantifier(reader: JavaRegexReader): Times | null {
  const counts = readCounts(reader)
  if (counts === null) return null
  const lazy = reader.take('?')
  if (reader.looksAt('+')) throw reader.unsupported('a possessive quantifier', reader.at)
  const next = reader.peek()
  if (next === '*' || next === '?') throw reader.error(`Dangling meta character '${next}'`, reader.at)
  if (next === '{') throw reader.unsupported('a quantifier of a quantifier', reader.at)
  return { ...counts, source: counts.source + (lazy ? '?' : ''), lazy }
}

function readCounts(reader: JavaRegexReader): Omit<Times, 'lazy'> | null {
  if (reader.take('*')) return { source: '*', least: 0, most: Infinity }
  if (reader.take('+')) return { source: '+', least: 1, most: Infinity }
  if (reader.take('?')) return { source: '?', least: 0, most: 1 }
  if (!reader.take('{')) return null
  const least = reader.digits()
  if (least === '') throw reader.error('Illegal repetition', reader.at)
  const most = reader.take(',') ? reader.digits() : least
  if (!reader.take('}')) throw reader.error('Unclosed counted closure', reader.at)
  const [from, to] = [Number(least), most === '' ? Infinity : Number(most)]
  if (from > to || from > 0x7fffffff || (to !== Infinity && to > 0x7fffffff)) {
    throw reader.error('Illegal repetition range', reader.at - 1)
  }
  return { source: `{${from}${to === Infinity ? ',' : `,${to}`}}`, least: from, most: to }
}

interface Atom {
  readonly part: Part
  /** Anchors and look-arounds: they stand at a place and take no text. */
  readonly fixed?: boolean
  /** A capturing group. */
  readonly capture?: boolean
}

function taking(source: string): Atom {
  return { part: { source, nullable: false, emptyLast: true, groups: [], sets: [] } }
}

function standing(source: string): Atom {
  return { part: { source, nullable: true, emptyLast: true, groups: [], sets: [] }, fixed: true }
}

// Java's `$` and `\Z`: at the end, or before a line end that is the last thing in the text.
const endOrLastLineEnd = String.raw`(?=$|\r\n$|(?<!\r)\n$|[\r\u0085\u2028\u2029]$)`
const anyButLineEnd = String.raw`[^\n\r\u0085\u2028\u2029]`

function readAtom(reader: JavaRegexReader, known: readonly number[]): Atom {
  const start = reader.at
  const char = reader.next()
  switch (char) {
    case '(':
      return readGroup(reader, known, start)
    case '[':
      return taking(readClass(reader))
    case '.':
      return taking(anyButLineEnd)
    case '^':
      return standing('^')
    case '$':
      return standing(endOrLastLineEnd)
    case '\\':
      return readEscaped(reader, known)
    case '*':
    case '+':
    case '?':
      throw reader.error(`Dangling meta character '${char}'`, start)
    case '{':
      throw reader.error('Illegal repetition', reader.at)
    default:
      return taking(reader.literal(char))
  }
}

function readEscaped(reader: JavaRegexReader, known: readonly number[]): Atom {
  const start = reader.at - 1
  const char = reader.peek()
  if (char === 'A') return reader.skip(standing('^'))
  if (char === 'z') return reader.skip(standing('$'))
  if (char === 'Z') return reader.skip(standing(endOrLastLineEnd))
  if (char === 'b' || char === 'B') {
    reader.next()
    if (reader.looksAt('{')) throw reader.unsupported(`\\${char}{…}`, start)
    return standing(`\\${char}`)
  }
  if (char === 'k' || (char >= '1' && char <= '9')) return readBackReference(reader, known, start)
  return taking(readEscape(reader))
}

function readBackReference(reader: JavaRegexReader, known: readonly number[], start: number): Atom {
  const group = reader.next() === 'k' ? namedGroup(reader) : numberedGroup(reader)
  if (reader.lookBehind) throw reader.unsupported('a back reference in a look-behind', start)
  if (!known.includes(group)) throw reader.unsupported('a back reference to a group that may be unset', start)
  const part: Part = {
    source: `(?:\\${group})`,
    nullable: reader.emptyGroups.has(group),
    emptyLast: true,
    groups: [],
    sets: [],
  }
  return { part }
}

function namedGroup(reader: JavaRegexReader): number {
  if (!reader.take('<')) throw reader.error("\\k is not followed by '<' for named capturing group", reader.at)
  const name = reader.groupName()
  const group = reader.names.get(name)
  if (group === undefined) throw reader.error(`named capturing group <${name}> does not exist`, reader.at - 1)
  return group
}

// Java takes a further digit only as long as so many groups have been opened.
function numberedGroup(reader: JavaRegexReader): number {
  let group = Number(reader.previous)
  while (/^[0-9]$/.test(reader.peek()) && group * 10 + Number(reader.peek()) <= reader.groups) {
    group = group * 10 + Number(reader.next())
  }
  return group
}

function readGroup(reader: JavaRegexReader, known: readonly number[], start: number): Atom {
  if (++reader.depth > deepest) throw reader.unsupported(`more than ${deepest} nested groups`, start)
  const atom = reader.take('?') ? readSpecialGroup(reader, known, start) : readCapture(reader, known, '(', start)
  reader.depth--
  return atom
}

function readSpecialGroup(reader: JavaRegexReader, known: readonly number[], start: number): Atom {
  if (reader.take(':')) {
    const part = alternatives(reader, known)
    reader.close()
    return { part: { ...part, source: `(?:${part.source})` } }
  }
  if (reader.take('=')) return readLook(reader, known, '(?=')
  if (reader.take('!')) return readLook(reader, known, '(?!')
  if (reader.take('>')) throw reader.unsupported('an atomic group', start)
  if (!reader.take('<')) throw reader.unsupported('a flag within the expression', start)
  if (reader.take('=')) return readLook(reader, known, '(?<=')
  if (reader.take('!')) return readLook(reader, known, '(?<!')
  const name = reader.groupName()
  if (reader.names.has(name)) throw reader.error(`Named capturing group <${name}> is already defined`, reader.at - 1)
  reader.names.set(name, reader.groups + 1)
  return readCapture(reader, known, `(?<${name}>`, start)
}

function readCapture(reader: JavaRegexReader, known: readonly number[], opening: string, start: number): Atom {
  if (reader.noCapture) throw reader.unsupported('a group within a look-behind or a negative look-ahead', start)
  const group = ++reader.groups
  const body = alternatives(reader, known)
  reader.close()
  if (body.nullable) reader.emptyGroups.add(group)
  return {
    part: {
      ...body,
      source: `${opening}${body.source})`,
      groups: [group, ...body.groups],
      sets: [group, ...body.sets],
    },
    capture: true,
  }
}

function readLook(reader: JavaRegexReader, known: readonly number[], opening: string): Atom {
  const { lookBehind, noCapture } = reader
  reader.lookBehind ||= opening.startsWith('(?<')
  reader.noCapture ||= opening !== '(?='
  const body = alternatives(reader, known)
  reader.close()
  reader.lookBehind = lookBehind
  reader.noCapture = noCapture
  return { part: { ...body, source: `${opening}${body.source})`, nullable: true, emptyLast: true }, fixed: true }
}
