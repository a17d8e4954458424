import type { ConfigSpec, Props } from './config-spec.ts'
import { evaluate, type Evaluated, type EvaluateOptions } from './evaluate.ts'
import type { ConfigType, Field } from './field.ts'
import { typeText } from './parse-type.ts'

/** One key as REST answers define it (ConfigKeyInfo of Connect, its fields in their order). */
export interface ConfigKeyInfo {
  readonly name: string
  readonly type: ConfigType
  readonly required: boolean
  readonly default_value: string | null
  readonly importance: 'HIGH' | 'MEDIUM' | 'LOW'
  readonly documentation: string
  readonly group: string | null
  readonly order_in_group: number
  readonly width: 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG'
  readonly display_name: string
  readonly dependents: readonly string[]
}

/** What a config holds for one key (ConfigValueInfo of Connect). */
export interface ConfigValueInfo {
  readonly name: string
  readonly value: string | null
  readonly recommended_values: readonly string[]
  readonly errors: readonly string[]
  readonly visible: boolean
}

/** One line of a validation. */
export interface ConfigInfo {
  readonly definition: ConfigKeyInfo | null
  readonly value: ConfigValueInfo | null
}

/** Connect's answer to a validation. */
export interface ConfigInfos {
  readonly name: string
  readonly error_count: number
  readonly groups: readonly string[]
  readonly configs: readonly ConfigInfo[]
}

/** Validates a config and answers exactly as Connect does. `name` is the class as it was submitted. */
export function configInfos(spec: ConfigSpec, props: Props, name: string, options: EvaluateOptions = {}): ConfigInfos {
  const definitions = configKeyInfos(spec)
  const evaluated = evaluate(spec, props, 'validate', options)
  return {
    name,
    error_count: evaluated.reduce((count, { errors }) => count + errors.length, 0),
    groups: [...new Set(definitions.flatMap(({ group }) => (group === null ? [] : [group])))],
    configs: evaluated.map((entry, index) => ({ definition: definitions[index] ?? null, value: valueInfo(entry) })),
  }
}

/** The definitions of a spec: the answer to `GET /connector-plugins/{plugin}/config`. */
export function configKeyInfos(spec: ConfigSpec): readonly ConfigKeyInfo[] {
  const places = new Map<string, number>()
  return Object.entries(spec.fields).map(([key, field]) => {
    const place = field.group === null ? -1 : (places.get(field.group) ?? 0) + 1
    if (field.group !== null) places.set(field.group, place)
    return keyInfo(key, field, field.order ?? place)
  })
}

function keyInfo(key: string, field: Field, order: number): ConfigKeyInfo {
  return {
    name: key,
    type: field.type,
    required: field.required,
    default_value: typeText(field.type, field.defaultValue),
    importance: upper(field.importance),
    documentation: field.doc,
    group: field.group,
    order_in_group: order,
    width: upper(field.width),
    display_name: field.displayName ?? key,
    dependents: field.dependents,
  }
}

function upper<T extends string>(text: T): Uppercase<T> {
  return text.toUpperCase() as Uppercase<T>
}

function valueInfo({ key, field, value, errors }: Evaluated): ConfigValueInfo {
  return {
    name: key,
    value: typeText(field.type, value),
    recommended_values: field.recommended,
    errors,
    visible: true,
  }
}
