import { type Check, complaint } from './checks.ts'
import type { ConfigSpec, Props } from './config-spec.ts'
import type { ConfigValue, Field } from './field.ts'
import { type ClassLookup, type Parsed, parseType } from './parse-type.ts'

/** How to read a config. */
export interface EvaluateOptions {
  /** Finds what CLASS keys name; without it every name is accepted. */
  readonly findClass?: ClassLookup
}

/** One key of a spec with what a config holds for it. */
export interface Evaluated {
  readonly key: string
  readonly field: Field
  /** Null when it is missing, without default, or could not be read. */
  readonly value: ConfigValue | null
  readonly errors: readonly string[]
}

/**
 * Reads every key of a spec, as Connect's ConfigDef.validateAll does: all errors, and the check runs even for a value
 * that is missing or could not be read. `use` reads the config to work with it: a null is a key that was not given,
 * and repeats in a checked list are dropped, where validation complains of them.
 */
export function evaluate(
  spec: ConfigSpec,
  props: Props,
  mode: 'validate' | 'use',
  options: EvaluateOptions = {},
): readonly Evaluated[] {
  return Object.entries(spec.fields).map(([key, field]) => {
    const read = readValue(key, field, given(props, key, mode), options)
    const value = 'value' in read ? read.value : null
    const kept = mode === 'use' && Array.isArray(value) && dropsRepeats(field.check) ? [...new Set(value)] : value
    const found = kept === null && mayBeMissing(field) ? null : checked(key, field, kept)
    const problems = 'problem' in read ? [read.problem] : []
    return { key, field, value: kept, errors: found === null ? problems : [...problems, found] }
  })
}

// An optional key may be left out whatever its check says of other values.
function mayBeMissing(field: Field): boolean {
  return !field.required && field.defaultValue === null
}

function checked(key: string, field: Field, value: ConfigValue | null): string | null {
  return field.check === null ? null : complaint(field.check, field.checkedAs ?? key, field.type, value)
}

function given(props: Props, key: string, mode: 'validate' | 'use'): string | null | undefined {
  const text = Object.hasOwn(props, key) ? props[key] : undefined
  return text === null && mode === 'use' ? undefined : text
}

type Reading = Parsed | { readonly value: ConfigValue | null }

function readValue(key: string, field: Field, text: string | null | undefined, options: EvaluateOptions): Reading {
  if (text === null) return { value: null }
  if (text !== undefined) return parseType(field.type, key, text, options.findClass)
  if (field.required) return { problem: `Missing required configuration "${key}" which has no default value.` }
  return { value: field.defaultValue }
}

function dropsRepeats(check: Check<never> | null): boolean {
  return check !== null && 'kind' in check && check.kind === 'list'
}
