import { type Check, type CheckRule, allOf } from './checks.ts'
import type { Secret } from './secret.ts'

/** The types of Connect's ConfigDef, spelled as in its REST answers. */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD'

export type Importance = 'high' | 'medium' | 'low'

export type Width = 'none' | 'short' | 'medium' | 'long'

/** What the text of a key parses to, before a field gives it its narrower TypeScript type. */
export type ConfigValue = string | number | bigint | boolean | readonly string[] | Secret

/** What every kind of field takes. */
export interface FieldOptions<T> {
  /** Sentences for people, ending in a full stop. */
  readonly doc: string
  readonly importance?: Importance
  /** Heading under which forms and documentation show the key. */
  readonly group?: string
  /** Place within the group; declaration order when left out. */
  readonly order?: number
  readonly width?: Width
  /** Label for people; the key itself when left out. */
  readonly displayName?: string
  readonly check?: Check<T>
  /** Keys whose meaning depends on this one. */
  readonly dependents?: readonly string[]
  /** Values that a form offers; others stay allowed. */
  readonly recommended?: readonly string[]
  /** What to use instead; the key still works and is warned of. */
  readonly deprecated?: string
  /** Not for users: left out of documentation. */
  readonly internal?: boolean
}

/** Bounds of a number, both included. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

interface Optional {
  readonly optional: true
  readonly default?: never
}

interface Given<T> {
  readonly optional?: false
  readonly default?: T
}

/**
 * One config key as data: everything but its name. Required means neither `default` nor `optional` was given.
 * `T` is what the author's code sees; `toTyped` makes it of a parsed value that passed the check.
 */
export interface Field<out T = unknown> {
  readonly type: ConfigType
  readonly required: boolean
  /** Null when there is none, or when the key is optional. */
  readonly defaultValue: ConfigValue | null
  readonly doc: string
  readonly importance: Importance
  readonly group: string | null
  readonly order: number | null
  readonly width: Width
  readonly displayName: string | null
  readonly check: Check<never> | null
  readonly dependents: readonly string[]
  readonly recommended: readonly string[]
  readonly deprecated: string | null
  readonly internal: boolean
  /** Name by which messages of the check call the key, where the key got a prefix; null for the key itself. */
  readonly checkedAs: string | null
  readonly toTyped: (value: ConfigValue) => T
}

/** Makes a field of one type: `T | undefined` when optional, else `T`. */
export interface FieldMaker<T, Extra = unknown> {
  (options: FieldOptions<T> & Extra & Optional): Field<T | undefined>
  (options: FieldOptions<T> & Extra & Given<T>): Field<T>
}

/** A LONG is a `number`, or a `bigint` beyond 2^53. With both bounds given it is a `number`: keep them safe integers. */
export interface LongMaker {
  (options: FieldOptions<number> & Required<Bounds> & Optional): Field<number | undefined>
  (options: FieldOptions<number> & Required<Bounds> & Given<number>): Field<number>
  (options: FieldOptions<number | bigint> & Bounds & Optional): Field<number | bigint | undefined>
  (options: FieldOptions<number | bigint> & Bounds & Given<number | bigint>): Field<number | bigint>
}

interface Casing {
  /** Any spelling is accepted and read as the declared one. */
  readonly ignoreCase?: boolean
}

/** A STRING with a fixed set of values; the author's code sees their union. */
export interface OneOfMaker {
  <const V extends readonly string[]>(
    values: V,
    options: FieldOptions<NoInfer<V[number]>> & Casing & Optional,
  ): Field<V[number] | undefined>
  <const V extends readonly string[]>(
    values: V,
    options: FieldOptions<NoInfer<V[number]>> & Casing & Given<NoInfer<V[number]>>,
  ): Field<V[number]>
}

type AnyOptions = FieldOptions<never> & Bounds & { readonly optional?: boolean; readonly default?: ConfigValue }

// The kernel of inference: the overloads above say what T is, and `parseValue` yields exactly that for the type,
// so one cast here replaces one in every maker.
function make(type: ConfigType, options: AnyOptions, rule: CheckRule | null, toTyped = identity): Field<never> {
  return Object.freeze({
    type,
    required: options.default === undefined && options.optional !== true,
    defaultValue: options.default ?? null,
    doc: options.doc,
    importance: options.importance ?? 'medium',
    group: options.group ?? null,
    order: options.order ?? null,
    width: options.width ?? 'none',
    displayName: options.displayName ?? null,
    check: both(rule, options.check ?? null),
    dependents: options.dependents ?? [],
    recommended: options.recommended ?? [],
    deprecated: options.deprecated ?? null,
    internal: options.internal ?? false,
    checkedAs: null,
    toTyped: toTyped as (value: ConfigValue) => never,
  })
}

function identity(value: ConfigValue): ConfigValue {
  return value
}

function both(rule: CheckRule | null, check: Check<never> | null): Check<never> | null {
  if (rule === null || check === null) return rule ?? check
  return allOf(rule, check)
}

function range({ min, max }: Bounds): CheckRule | null {
  if (min === undefined && max === undefined) return null
  return { kind: 'range', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

function maker(type: ConfigType): (options: AnyOptions) => Field<never> {
  return (options) => make(type, options, range(options))
}

function oneOf(values: readonly string[], options: AnyOptions & Casing): Field<never> {
  const ignoreCase = options.ignoreCase === true
  const rule: CheckRule = ignoreCase ? { kind: 'one-of', values, ignoreCase } : { kind: 'one-of', values }
  if (!ignoreCase) return make('STRING', options, rule)
  const declared = new Map(values.map((value) => [value.toUpperCase(), value]))
  return make('STRING', options, rule, (value) => declared.get(String(value).toUpperCase()) ?? value)
}

/** The makers of config keys, by type. */
export const field: {
  readonly string: FieldMaker<string>
  readonly int: FieldMaker<number, Bounds>
  readonly short: FieldMaker<number, Bounds>
  readonly long: LongMaker
  readonly double: FieldMaker<number, Bounds>
  readonly boolean: FieldMaker<boolean>
  readonly list: FieldMaker<readonly string[]>
  readonly class: FieldMaker<string>
  readonly password: FieldMaker<Secret>
  readonly oneOf: OneOfMaker
} = Object.freeze({
  string: maker('STRING'),
  int: maker('INT'),
  short: maker('SHORT'),
  long: maker('LONG') as LongMaker,
  double: maker('DOUBLE'),
  boolean: maker('BOOLEAN'),
  list: maker('LIST'),
  class: maker('CLASS'),
  password: maker('PASSWORD'),
  oneOf: oneOf as OneOfMaker,
})
