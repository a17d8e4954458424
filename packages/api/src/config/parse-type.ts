import { javaDouble } from '../data/java-number.ts'
import type { ConfigType, ConfigValue } from './field.ts'
import { isSecret, Secret } from './secret.ts'

/** Finds the class that a CLASS key names: its full name, or null when nothing goes by that name. */
export type ClassLookup = (name: string) => string | null

/** A text read as the type of its key: the value, or Connect's message about it. */
export type Parsed = { readonly value: ConfigValue } | { readonly problem: string }

const integerBounds = {
  INT: [-(2n ** 31n), 2n ** 31n - 1n],
  SHORT: [-(2n ** 15n), 2n ** 15n - 1n],
  LONG: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

const integerText = /^[+-]?[0-9]+$/
// Java's Double.parseDouble, without its hexadecimal form.
const doublePattern = /^[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?)$/

/**
 * Reads a text as Connect's ConfigDef does. Without a `findClass` every class name is taken as it stands: whether it
 * exists is for the worker to say.
 */
export function parseType(type: ConfigType, key: string, text: string, findClass?: ClassLookup): Parsed {
  const trimmed = javaTrim(text)
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(key, text, trimmed.toLowerCase())
    case 'STRING':
      return { value: trimmed }
    case 'PASSWORD':
      return { value: new Secret(trimmed) }
    case 'LIST':
      return { value: parseList(trimmed) }
    case 'CLASS': {
      const name = findClass === undefined ? trimmed : findClass(trimmed)
      return name === null ? invalid(key, text, `Class ${text} could not be found.`) : { value: name }
    }
    case 'DOUBLE':
      if (!doublePattern.test(trimmed)) return invalid(key, text, 'Not a number of type DOUBLE')
      return { value: Number(trimmed.replace(/[dDfF]$/, '')) }
    default:
      return parseInteger(type, key, text, trimmed)
  }
}

function parseBoolean(key: string, text: string, lower: string): Parsed {
  if (lower === 'true') return { value: true }
  if (lower === 'false') return { value: false }
  return invalid(key, text, 'Expected value to be either true or false')
}

function parseList(trimmed: string): readonly string[] {
  return trimmed === '' ? [] : trimmed.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/)
}

function parseInteger(type: keyof typeof integerBounds, key: string, text: string, trimmed: string): Parsed {
  const [least, most] = integerBounds[type]
  if (integerText.test(trimmed)) {
    const exact = BigInt(trimmed.replace(/^\+/, ''))
    if (exact >= least && exact <= most) return { value: canonical(exact) }
  }
  return invalid(key, text, `Not a number of type ${type}`)
}

function canonical(exact: bigint): number | bigint {
  const rounded = Number(exact)
  return Number.isSafeInteger(rounded) ? rounded : exact
}

function invalid(key: string, text: string, reason: string): Parsed {
  return { problem: invalidValue(key, text, reason) }
}

/** Connect's sentence about a value that is not good. */
export function invalidValue(key: string, valueText: string, reason: string): string {
  return `Invalid value ${valueText} for configuration ${key}: ${reason}`
}

/** The text of a value as REST answers show it: lists joined, secrets hidden. Null stays null. */
export function typeText(type: ConfigType, value: ConfigValue | null): string | null {
  if (value === null) return null
  if (Array.isArray(value)) return value.join(',')
  return type === 'DOUBLE' ? javaDouble(Number(value)) : String(value)
}

/** The text of a value as it goes into a config: what `parseType` reads back. Secrets are revealed. */
export function plainText(type: ConfigType, value: ConfigValue): string {
  return isSecret(value) ? value.reveal() : (typeText(type, value) ?? '')
}

/** Java's String.trim: everything up to the space, and nothing else. */
function javaTrim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return text.slice(start, end)
}
