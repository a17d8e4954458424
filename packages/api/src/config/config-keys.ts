import { type Check, type CheckRule } from './checks.ts'
import { type ConfigKeyInfo, configKeyInfos } from './config-infos.ts'
import { type ConfigSpec, configSpec } from './config-spec.ts'
import type { ConfigValue, Field, Importance, Width } from './field.ts'
import { parseType } from './parse-type.ts'

/**
 * One key of a spec as data, for `connect-plugins.json`: Connect's definition, and beside it what is needed to
 * validate and lint without the plugin's code. Absent means none.
 */
export interface ConfigKey extends ConfigKeyInfo {
  /** Function checks appear as `{ kind: 'host' }`: the plugin's host has to be asked. */
  readonly check?: CheckRule
  readonly recommended?: readonly string[]
  readonly deprecated?: string
  readonly internal?: boolean
}

/** The spec as data; plain JSON. */
export function configKeys(spec: ConfigSpec): readonly ConfigKey[] {
  const fields = Object.values(spec.fields)
  return configKeyInfos(spec).map((info, index): ConfigKey => {
    const field = fields[index]
    if (field === undefined) return info
    return {
      ...info,
      ...(field.check === null ? {} : { check: asData(field.check) }),
      ...(field.recommended.length === 0 ? {} : { recommended: field.recommended }),
      ...(field.deprecated === null ? {} : { deprecated: field.deprecated }),
      ...(field.internal ? { internal: true } : {}),
    }
  })
}

/**
 * A spec made of data. It validates like the original, function checks aside, which it takes as held:
 * `needsHost` says whether there are any. Its `oneOf` values keep the spelling in which they were given.
 */
export function specFromKeys(keys: readonly ConfigKey[], openPrefixes: readonly string[] = []): ConfigSpec {
  return configSpec(Object.fromEntries(keys.map((key) => [key.name, fieldOf(key)])), { openPrefixes })
}

/** True when a spec has checks that only the plugin's code can run. */
export function needsHost(spec: ConfigSpec): boolean {
  return Object.values(spec.fields).some(({ check }) => check !== null && isHostCheck(check))
}

function asData(check: Check<never>): CheckRule {
  if (!('kind' in check)) return { kind: 'host', describe: check.describe }
  return check.kind === 'all' ? { kind: 'all', checks: check.checks.map(asData) } : check
}

function isHostCheck(check: Check<never>): boolean {
  if (!('kind' in check)) return true
  return check.kind === 'host' || (check.kind === 'all' && check.checks.some(isHostCheck))
}

function fieldOf(key: ConfigKey): Field<ConfigValue> {
  return {
    type: key.type,
    required: key.required,
    defaultValue: defaultOf(key),
    doc: key.documentation,
    importance: key.importance.toLowerCase() as Importance,
    group: key.group,
    order: key.order_in_group,
    width: key.width.toLowerCase() as Width,
    displayName: key.display_name,
    check: key.check ?? null,
    dependents: key.dependents,
    recommended: key.recommended ?? [],
    deprecated: key.deprecated ?? null,
    internal: key.internal ?? false,
    checkedAs: null,
    toTyped: (value) => value,
  }
}

function defaultOf(key: ConfigKey): ConfigValue | null {
  if (key.default_value === null) return null
  // A default is printed as it is: text that parsing would trim stays untrimmed.
  if (key.type === 'STRING' || key.type === 'CLASS') return key.default_value
  const parsed = parseType(key.type, key.name, key.default_value)
  return 'value' in parsed ? parsed.value : null
}
