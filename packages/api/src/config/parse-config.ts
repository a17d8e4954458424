import { ConfigError, type ConfigIssue } from '../errors/connect-error.ts'
import type { Config, ConfigSpec, Props } from './config-spec.ts'
import { type Evaluated, evaluate, type EvaluateOptions } from './evaluate.ts'
import { unknownKeys } from './unknown-keys.ts'

/** A typed config with everything that is wrong in its source. */
export interface ParsedConfig<S extends ConfigSpec> {
  /** Complete and of its type only when there are no issues; a key with an issue may be missing. */
  readonly config: Config<S>
  readonly issues: readonly ConfigIssue[]
}

/** Reads a config by its spec and reports all issues, in Connect's words. */
export function parseConfig<S extends ConfigSpec>(
  spec: S,
  props: Props,
  options: EvaluateOptions = {},
): ParsedConfig<S> {
  const evaluated = evaluate(spec, props, 'use', options)
  const typed = evaluated.flatMap(({ key, field, value }) => (value === null ? [] : [[key, field.toTyped(value)]]))
  return {
    // The kernel of inference: each value went through the field that gives the key its type.
    config: Object.freeze(Object.fromEntries(typed)) as Config<S>,
    issues: evaluated.flatMap((entry) => issuesOf(entry, spec, props)),
  }
}

/** Reads a config by its spec. Throws a ConfigError with all issues when there are any. */
export function requireConfig<S extends ConfigSpec>(spec: S, props: Props, options: EvaluateOptions = {}): Config<S> {
  const { config, issues } = parseConfig(spec, props, options)
  if (issues.length > 0) throw new ConfigError(issues.map((issue) => issue.message).join('\n'), issues)
  return config
}

function issuesOf({ key, field, errors }: Evaluated, spec: ConfigSpec, props: Props): readonly ConfigIssue[] {
  const [first, ...rest] = errors
  if (first === undefined) return []
  const missing = field.required && (!Object.hasOwn(props, key) || props[key] === null)
  const misspelt = missing ? unknownKeys(spec, props).find(({ nearest }) => nearest === key) : undefined
  const suggestion = misspelt === undefined ? {} : { suggestion: `"${misspelt.key}" is given; write it "${key}".` }
  return [{ key, message: first, ...suggestion }, ...rest.map((message) => ({ key, message }))]
}
