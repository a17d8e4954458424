import { ConfigError } from '../errors/connect-error.ts'
import type { Config, ConfigSpec } from './config-spec.ts'
import type { ConfigType, ConfigValue, Field } from './field.ts'
import { isSecret } from './secret.ts'
import { parseType, plainText } from './parse-type.ts'

/**
 * The text form of a typed config, as the config topic and `GET …/tasks` hold it; `parseConfig` reads back the same.
 * Keys without a value are left out. Throws a ConfigError for a value that no text stands for, such as a list item
 * with a comma: what a task is given must not differ from what its connector said. Secrets are revealed.
 */
export function renderConfig<S extends ConfigSpec>(spec: S, config: Config<S>): Record<string, string> {
  const values: Readonly<Record<string, unknown>> = config
  const rendered: [string, string][] = []
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue
    const field = Object.hasOwn(spec.fields, key) ? spec.fields[key] : undefined
    if (field === undefined) throw new ConfigError(`Rendering the config: "${key}" is not a key of its spec`)
    const text = renderValue(key, field, value as ConfigValue)
    if (text !== null) rendered.push([key, text])
  }
  return Object.fromEntries(rendered)
}

function renderValue(key: string, field: Field, value: ConfigValue): string | null {
  const text = isOfType(field.type, value) ? plainText(field.type, value) : null
  const back = text === null ? null : parseType(field.type, key, text)
  if (back !== null && 'value' in back && sameValue(back.value, value)) return text
  // A default such as " " is no text that could be given, but it returns by leaving the key out.
  if (field.defaultValue !== null && sameValue(field.defaultValue, value)) return null
  const issue = { key, message: `Rendering "${key}": no text of type ${field.type} reads back as its value` }
  throw new ConfigError(issue.message, [issue])
}

function isOfType(type: ConfigType, value: ConfigValue): boolean {
  switch (type) {
    case 'BOOLEAN':
      return typeof value === 'boolean'
    case 'LIST':
      return Array.isArray(value)
    case 'PASSWORD':
      return isSecret(value)
    case 'STRING':
    case 'CLASS':
      return typeof value === 'string'
    default:
      return typeof value === 'number' || typeof value === 'bigint'
  }
}

function sameValue(a: ConfigValue, b: ConfigValue): boolean {
  if (isSecret(a) && isSecret(b)) return a.reveal() === b.reveal()
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i])
  // A LONG may come as either kind of number.
  return typeof a === 'bigint' || typeof b === 'bigint' ? String(a) === String(b) : Object.is(a, b) || a === b
}
