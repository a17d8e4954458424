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
  | { readonly kind: 'unique'; readonly what: string; readonly one: string }
  | { readonly kind: 'all'; readonly checks: readonly Check<never>[] }
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

/** All of the checks, in order; the first complaint counts. */
export function allOf<T>(...checks: readonly Check<T>[]): CheckRule {
  return { kind: 'all', checks }
}
