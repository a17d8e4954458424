import { DataError } from '@sluice/api'

/**
 * What to put in place of a match. `$1` and `${name}` stand for groups, and `\` takes the character after it as it is.
 * A group number takes as many digits as still name a group: `$10` is group 1 and `0` where there is no group 10.
 */
export type Replacement = (match: RegExpExecArray) => string

type Part = string | { readonly group: number } | { readonly name: string }

/**
 * Compiles a replacement by Java's rules, for an expression with so many groups. What is wrong with it is a DataError
 * of the first record that is replaced, as in Java: records that do not match never see it.
 */
export function compileReplacement(text: string, groups: number): Replacement {
  try {
    const parts = parse(text, groups)
    return (match) => parts.map((part) => textOf(part, match)).join('')
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function textOf(part: Part, match: RegExpExecArray): string {
  if (typeof part === 'string') return part
  if ('group' in part) return match[part.group] ?? ''
  const named = match.groups ?? {}
  if (!Object.hasOwn(named, part.name)) throw new DataError(`No group with name {${part.name}}`)
  return named[part.name] ?? ''
}

function parse(text: string, groups: number): readonly Part[] {
  const parts: Part[] = []
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '\\') {
      if (at + 1 === text.length) throw new DataError('character to be escaped is missing')
      parts.push(text.charAt(at + 1))
      at += 2
    } else if (char === '$') {
      const { part, end } = parseReference(text, at + 1, groups)
      parts.push(part)
      at = end
    } else {
      parts.push(char)
      at++
    }
  }
  return parts
}

interface Reference {
  readonly part: Part
  readonly end: number
}

function parseReference(text: string, start: number, groups: number): Reference {
  if (start === text.length) throw new DataError('Illegal group reference: group index is missing')
  if (text.charAt(start) === '{') return parseName(text, start + 1)
  let group = digitAt(text, start)
  if (group < 0) throw new DataError('Illegal group reference')
  let end = start + 1
  for (let digit = digitAt(text, end); digit >= 0 && group * 10 + digit <= groups; digit = digitAt(text, end)) {
    group = group * 10 + digit
    end++
  }
  if (group > groups) throw new DataError(`No group ${group}`)
  return { part: { group }, end }
}

function parseName(text: string, start: number): Reference {
  const [name = ''] = /^[A-Za-z0-9]*/.exec(text.slice(start)) ?? []
  if (name === '') throw new DataError('named capturing group has 0 length name')
  const end = start + name.length
  if (text.charAt(end) !== '}') throw new DataError("named capturing group is missing trailing '}'")
  if (digitAt(name, 0) >= 0) throw new DataError(`capturing group name {${name}} starts with digit character`)
  return { part: { name }, end: end + 1 }
}

/** The decimal digit at a position; -1 when there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30
  return digit >= 0 && digit <= 9 ? digit : -1
}
