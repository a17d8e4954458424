import { compileJavaRegex } from './java-regex.ts'
import type { ConfigType, ConfigValue } from './field.ts'
import { invalidValue, typeText } from './parse-type.ts'
import { canParseUrl } from '../web-platform.ts'

/** A check of the author's own, run on a parsed value. It runs in the plugin's host only. */
export interface FunctionCheck<in T> {
  /** What is valid, as documentation and forms print it. */
  readonly describe: string
  /** Null or undefined when the value is good, else what is wrong with it. Never called for a missing value. */
  readonly test: (value: T) => string | null | undefined
}

/** The built-in checks: data, so that they survive the plugin's manifest and run on the control plane, too. */
export type CheckRule =
  | { readonly kind: 'range'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'one-of'; readonly values: readonly string[]; readonly ignoreCase?: boolean }
  | { readonly kind: 'non-null' }
  | { readonly kind: 'non-empty-string' }
  | { readonly kind: 'non-empty-string-without-control-chars' }
  | { readonly kind: 'regex' }
  | { readonly kind: 'http-url' }
  | ListRule
  | { readonly kind: 'list-size'; readonly max: number }
  | { readonly kind: 'non-empty-list' }
  | { readonly kind: 'unique'; readonly what: string }
  | { readonly kind: 'all'; readonly checks: readonly Check<never>[] }
  /** A function check, seen from where the plugin's code must not run: it holds here, the host decides. */
  | { readonly kind: 'host'; readonly describe: string }

/** Connect's ValidList: no empty items, no repeats; empty or null as a whole only where allowed. */
export interface ListRule {
  readonly kind: 'list'
  /** Allowed items; none listed means any. */
  readonly values: readonly string[]
  readonly allowEmpty: boolean
  readonly allowNull: boolean
}

/** A check on the value of one key. */
export type Check<T> = CheckRule | FunctionCheck<T>

/** A text with at least one character; a missing one is fine. */
export const nonEmptyString: CheckRule = { kind: 'non-empty-string' }

/** The same without control characters: Connect's rule for connector names. */
export const nonEmptyStringWithoutControlChars: CheckRule = { kind: 'non-empty-string-without-control-chars' }

/** Any value but none. */
export const nonNull: CheckRule = { kind: 'non-null' }

/** A Java regular expression that means the same here: see `compileJavaRegex`. */
export const isRegex: CheckRule = { kind: 'regex' }

/** An absolute URL with the scheme http or https. */
export const isHttpUrl: CheckRule = { kind: 'http-url' }

/** A list with at least one item, in the words of Connect's header transforms; `validList` is the usual rule. */
export const nonEmptyList: CheckRule = { kind: 'non-empty-list' }

/** A number within bounds, both included. Fields of numbers take `min` and `max` themselves. */
export function inRange(bounds: { readonly min?: number; readonly max?: number }): CheckRule {
  return { kind: 'range', ...bounds }
}

/** A list without empty items and repeats, of these values if any are given. */
export function validList(
  options: { values?: readonly string[]; allowEmpty?: boolean; allowNull?: boolean } = {},
): CheckRule {
  const { values = [], allowEmpty = true, allowNull = false } = options
  return { kind: 'list', values, allowEmpty, allowNull }
}

/** A list of at most `max` items. */
export function listSize(max: number): CheckRule {
  return { kind: 'list-size', max }
}

/** A list without repeats of `what`, for example `transformation aliases`. */
export function uniqueList(what: string): CheckRule {
  return { kind: 'unique', what }
}

/** All of the checks, in order; the first complaint counts. */
export function allOf<T>(...checks: readonly Check<T>[]): CheckRule {
  return { kind: 'all', checks }
}

/** What the check demands, as Connect prints its validators; the empty text where Connect prints nothing. */
export function describeCheck(check: Check<never>, type: ConfigType): string {
  if (!('kind' in check)) return check.describe
  switch (check.kind) {
    case 'range':
      return `[${bound(check.min, type, '', ',')}...${bound(check.max, type, ',', '')}]`
    case 'one-of':
      return `${check.ignoreCase === true ? '(case insensitive) ' : ''}[${shownValues(check).join(', ')}]`
    case 'list':
      return check.values.length === 0 ? '' : `[${check.values.join(', ')}]`
    case 'list-size':
      return `List containing maximum of ${check.max} elements`
    case 'unique':
      return `unique ${check.what}`
    case 'all':
      return check.checks.map((part) => describeCheck(part, type)).join(', ')
    case 'host':
      return check.describe
    default:
      return descriptions[check.kind]
  }
}

const descriptions = {
  'non-null': 'non-null string',
  'non-empty-string': 'non-empty string',
  'non-empty-string-without-control-chars': 'non-empty string without ISO control characters',
  regex: 'valid regex',
  'http-url': 'HTTP or HTTPS URL',
  'non-empty-list': 'non-empty list',
} as const

function bound(value: number | undefined, type: ConfigType, before: string, after: string): string {
  return value === undefined ? '' : before + typeText(type, value) + after
}

function shownValues(check: { readonly values: readonly string[]; readonly ignoreCase?: boolean }): readonly string[] {
  return check.ignoreCase === true ? check.values.map((value) => value.toUpperCase()) : check.values
}

/** The whole message about a value that fails the check, in Connect's words, or null. Runs for a missing value, too. */
export function complaint(
  check: Check<never>,
  key: string,
  type: ConfigType,
  value: ConfigValue | null,
): string | null {
  if ('kind' in check && check.kind === 'all') {
    for (const part of check.checks) {
      const found = complaint(part, key, type, value)
      if (found !== null) return found
    }
    return null
  }
  if ('kind' in check && check.kind === 'list') return listComplaint(check, key, value)
  const reason = 'kind' in check ? ruleReason(check, type, value) : functionReason(check, value)
  return reason === null ? null : invalidValue(key, shown(type, value), reason)
}

function shown(type: ConfigType, value: ConfigValue | null): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : (typeText(type, value) ?? 'null')
}

function functionReason(check: FunctionCheck<never>, value: ConfigValue | null): string | null {
  if (value === null) return null
  try {
    // The field's maker tied the check to the type that its text parses to.
    return check.test(value as never) ?? null
  } catch (error) {
    // Any schema library may be used in a check; those report by throwing.
    return error instanceof Error ? error.message : String(error)
  }
}

type SimpleRule = Exclude<CheckRule, ListRule | { readonly kind: 'all' }>

// One case per rule, each a line or two: splitting it further would only hide that.
// oxlint-disable-next-line complexity
function ruleReason(rule: SimpleRule, type: ConfigType, value: ConfigValue | null): string | null {
  switch (rule.kind) {
    case 'range':
      return rangeReason(rule, type, value)
    case 'one-of': {
      const values = shownValues(rule)
      if (value !== null && values.includes(rule.ignoreCase === true ? String(value).toUpperCase() : String(value))) {
        return null
      }
      return `String must be one of${rule.ignoreCase === true ? ' (case insensitive)' : ''}: ${values.join(', ')}`
    }
    case 'non-null':
      return value === null ? 'entry must be non null' : null
    case 'non-empty-string':
      return value === '' ? 'String must be non-empty' : null
    case 'non-empty-string-without-control-chars':
      return nameReason(value)
    case 'regex':
      return regexReason(value)
    case 'http-url':
      return value === null || isUrl(String(value)) ? null : 'Expected an absolute HTTP or HTTPS URL'
    case 'list-size':
      return items(value).length > rule.max ? `exceeds maximum list size of [${rule.max}].` : null
    case 'non-empty-list':
      return items(value).length === 0 ? 'Empty list' : null
    case 'unique':
      return new Set(items(value)).size < items(value).length ? 'Duplicate alias provided.' : null
    case 'host':
      return null
  }
}

function rangeReason(
  { min, max }: { readonly min?: number; readonly max?: number },
  type: ConfigType,
  value: ConfigValue | null,
): string | null {
  if (typeof value !== 'number' && typeof value !== 'bigint') return 'Value must be non-null'
  if (min !== undefined && value < min) return `Value must be at least ${typeText(type, min)}`
  if (max !== undefined && value > max) return `Value must be no more than ${typeText(type, max)}`
  return null
}

function nameReason(value: ConfigValue | null): string | null {
  if (value === null) return null
  if (value === '') return 'String may not be empty'
  const found = Array.from(String(value), (char) => char.codePointAt(0) ?? 0).filter(isControl)
  if (found.length === 0) return null
  return `String may not contain control sequences but had the following ASCII chars: ${found.join(', ')}`
}

function isControl(code: number): boolean {
  return code <= 0x1f || (code >= 0x7f && code <= 0x9f)
}

function regexReason(value: ConfigValue | null): string | null {
  // The text of Java 17 for a missing expression, which clients of Connect see.
  if (value === null) return 'Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null'
  try {
    compileJavaRegex(String(value))
    return null
  } catch (error) {
    return `Invalid regex: ${error instanceof Error ? error.message : String(error)}`
  }
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && canParseUrl(text)
}

function items(value: ConfigValue | null): readonly string[] {
  return Array.isArray(value) ? value : []
}

function listComplaint(rule: ListRule, key: string, value: ConfigValue | null): string | null {
  const about = `Configuration '${key}'`
  if (value === null) return rule.allowNull ? null : `${about} values must not be null.`
  const list = items(value)
  if (list.length === 0 && !rule.allowEmpty) {
    const valid = rule.values.length === 0 ? 'any non-empty value' : `[${rule.values.join(', ')}]`
    return `${about} must not be empty. Valid values include: ${valid}`
  }
  if (new Set(list).size < list.length) return `${about} values must not be duplicated.`
  for (const item of list) {
    if (item === '') return `${about} values must not be empty.`
    if (rule.values.length > 0 && !rule.values.includes(item)) {
      return invalidValue(key, item, `String must be one of: ${rule.values.join(', ')}`)
    }
  }
  return null
}
