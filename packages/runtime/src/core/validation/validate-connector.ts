import { ConfigError, type ConfigInfo, configInfos, type ConfigInfos, type ConfigIssue, mergeSpecs } from '@sluice/api'
import { type ClassLookup, type ConfigSpec, nearestKey, type Props, unknownKeys } from '@sluice/api'
import type { ConverterKey } from './connector-config.ts'
import { aliasesOf, connectorSpec, type ConnectorSpecInput } from './connector-spec.ts'
import { laterConnectorFeatures, laterFeaturesIn } from './later-features.ts'

/** What a connector's config is judged by. Everything is resolved: nothing is imported or asked any more. */
export interface ConnectorValidationInput extends ConnectorSpecInput {
  readonly props: Props
  /** `connector.class` as it was submitted. */
  readonly submittedClass: string
  /** The connector's own keys, and what its `validate` found. */
  readonly connector: { readonly config: ConfigSpec; readonly issues: readonly ConfigIssue[] }
  /** The specs of the converters that the config itself names; a key is absent where it names none that is there. */
  readonly converters: ReadonlyMap<ConverterKey, ConfigSpec>
  readonly findClass: ClassLookup
  /** Whether a class is of the kind that the key wants. */
  readonly isOfKind: (className: string, kind: ClassKind) => boolean
}

export type ClassKind = 'Converter' | 'HeaderConverter' | 'Transformation' | 'Predicate'

/** Connect's answer, and what should be said in the log although nothing is wrong (I3). */
export interface ConnectorValidation {
  readonly infos: ConfigInfos
  readonly issues: readonly ConfigIssue[]
  readonly warnings: readonly string[]
}

const converterKeys: readonly ConverterKey[] = ['header.converter', 'key.converter', 'value.converter']

/** Validates a connector's config as Connect does: its errors, its order, its words. */
export function validateConnector(input: ConnectorValidationInput): ConnectorValidation {
  const framework = connectorSpec(input)
  const spec = mergeSpecs(framework, input.connector.config)
  const main = configInfos(spec, input.props, input.submittedClass, { findClass: input.findClass })
  const added = addedErrors(input, framework)
  const configs = [...unknownNulls(input, spec), ...main.configs.map((config) => withErrors(config, added))]
  const blocks = converterKeys.flatMap((key) => converterBlock(input, key))
  const infos: ConfigInfos = {
    name: input.submittedClass,
    error_count: countMessages(configs) + blocks.reduce((count, block) => count + countKeys(block.configs), 0),
    groups: [...new Set([...main.groups, ...blocks.flatMap((block) => block.groups)])],
    configs: [...configs, ...blocks.flatMap((block) => block.configs)],
  }
  const whole = [...input.converters].reduce((sum, [key, own]) => mergeSpecs(sum, prefixed(key, own)), spec)
  return { infos, issues: issuesOf(infos, input.props), warnings: warningsOf(input, whole) }
}

/** The ConfigError of an invalid config: Connect's message, each problem as an issue of its key. */
export function invalidConnectorConfig({ infos, issues }: ConnectorValidation): ConfigError {
  const messages = infos.configs.flatMap((config) => config.value?.errors ?? [])
  return new ConfigError(
    [
      `Connector configuration is invalid and contains the following ${infos.error_count} error(s):`,
      ...messages,
      'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    ].join('\n'),
    issues,
  )
}

type Errors = Map<string, string[]>

function addedErrors(input: ConnectorValidationInput, framework: ConfigSpec): Errors {
  const errors: Errors = new Map()
  const add = (key: string, message: string): void => {
    errors.set(key, [...(errors.get(key) ?? []), message])
  }
  if (input.type === 'sink') checkTopics(input.props, add)
  checkClasses(input, add)
  checkNegations(input.props, add)
  for (const { key, message } of input.connector.issues) add(key, message)
  for (const [key, value] of Object.entries(input.props)) {
    const isFrameworks = Object.hasOwn(framework.fields, key) && !Object.hasOwn(input.connector.config.fields, key)
    if (value === null && isFrameworks) add(key, nullMessage)
  }
  return errors
}

const nullMessage = 'Null value can not be supplied as the configuration value.'

type AddError = (key: string, message: string) => void

function checkTopics(props: Props, add: AddError): void {
  const topics = listOf(props['topics'])
  const regex = props['topics.regex']?.trim() ?? ''
  const deadLetters = props['errors.deadletterqueue.topic.name']?.trim() ?? ''
  const problem =
    topics.length > 0 && regex !== ''
      ? 'topics and topics.regex are mutually exclusive options, but both are set.'
      : topics.length === 0 && regex === ''
        ? 'Must configure one of topics or topics.regex'
        : null
  if (problem !== null) {
    add('topics', problem)
    add('topics.regex', problem)
  }
  if (deadLetters !== '' && topics.includes(deadLetters)) {
    add(
      'topics',
      `The DLQ topic '${deadLetters}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`,
    )
  }
}

function listOf(text: string | null | undefined): readonly string[] {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/)
}

function checkClasses({ props, findClass, isOfKind }: ConnectorValidationInput, add: AddError): void {
  const check = (key: string, kind: ClassKind): void => {
    const className = findClass(props[key]?.trim() ?? '')
    if (className !== null && !isOfKind(className, kind)) {
      add(key, `Class class ${className} does not implement the ${kind} interface`)
    }
  }
  check('key.converter', 'Converter')
  check('value.converter', 'Converter')
  check('header.converter', 'HeaderConverter')
  for (const alias of aliasesOf(props, 'transforms')) check(`transforms.${alias}.type`, 'Transformation')
  for (const alias of aliasesOf(props, 'predicates')) check(`predicates.${alias}.type`, 'Predicate')
}

function checkNegations(props: Props, add: AddError): void {
  for (const alias of aliasesOf(props, 'transforms')) {
    const [negate, predicate] = [`transforms.${alias}.negate`, `transforms.${alias}.predicate`]
    if (!Object.hasOwn(props, negate) || Object.hasOwn(props, predicate)) continue
    add(
      `transforms.${alias}.type`,
      `Config '${negate}' was provided but there is no config '${predicate}' defining a predicate to be negated.`,
    )
  }
}

/** Keys that nobody knows and that are null: Connect lists them without a definition. */
function unknownNulls({ props }: ConnectorValidationInput, spec: ConfigSpec): readonly ConfigInfo[] {
  return Object.keys(props)
    .filter((key) => props[key] === null && !Object.hasOwn(spec.fields, key))
    .map((name) => ({
      definition: null,
      value: { name, value: null, recommended_values: [], errors: [nullMessage], visible: true },
    }))
}

function withErrors(config: ConfigInfo, added: Errors): ConfigInfo {
  const more = config.value === null ? undefined : added.get(config.value.name)
  if (config.value === null || more === undefined) return config
  return { ...config, value: { ...config.value, errors: [...config.value.errors, ...more] } }
}

interface Block {
  readonly groups: readonly string[]
  readonly configs: readonly ConfigInfo[]
}

function converterBlock({ props, converters, findClass }: ConnectorValidationInput, key: ConverterKey): Block[] {
  const spec = converters.get(key)
  if (spec === undefined) return []
  const own: Record<string, string | null> = { 'converter.type': key.slice(0, key.indexOf('.')) }
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith(`${key}.`)) own[name.slice(key.length + 1)] = value
  }
  const infos = configInfos(spec, own, key, { findClass })
  return [{ groups: infos.groups, configs: infos.configs.map((config) => renamed(config, key)) }]
}

function renamed({ definition, value }: ConfigInfo, prefix: string): ConfigInfo {
  return {
    definition: definition && { ...definition, name: `${prefix}.${definition.name}` },
    value: value && { ...value, name: `${prefix}.${value.name}` },
  }
}

function prefixed(key: ConverterKey, spec: ConfigSpec): ConfigSpec {
  const fields = Object.entries(spec.fields).map(([name, field]) => [`${key}.${name}`, field] as const)
  return { fields: Object.fromEntries(fields), openPrefixes: spec.openPrefixes.map((prefix) => `${key}.${prefix}`) }
}

function countMessages(configs: readonly ConfigInfo[]): number {
  return configs.reduce((count, { value }) => count + (value?.errors.length ?? 0), 0)
}

function countKeys(configs: readonly ConfigInfo[]): number {
  return configs.filter(({ value }) => (value?.errors.length ?? 0) > 0).length
}

function issuesOf(infos: ConfigInfos, props: Props): readonly ConfigIssue[] {
  const known = infos.configs.flatMap(({ value }) => (value ? [value.name] : []))
  const strays = Object.keys(props).filter((key) => !known.includes(key))
  return infos.configs.flatMap(({ value }) =>
    (value?.errors ?? []).map((message): ConfigIssue => {
      const key = value?.name ?? ''
      const stray = Object.hasOwn(props, key) ? null : nearestKey(key, strays)
      return stray === null ? { key, message } : { key, message, suggestion: `"${stray}" is given; write it "${key}".` }
    }),
  )
}

function warningsOf({ props, converters }: ConnectorValidationInput, spec: ConfigSpec): readonly string[] {
  const withoutEffect = converterKeys.filter((key) => !converters.has(key) && !Object.hasOwn(props, key))
  const unused = unknownKeys(spec, props).filter(({ key }) => !isPluginVersion(key))
  return [
    ...laterFeaturesIn(props, laterConnectorFeatures),
    ...unused.map(({ key, nearest }) => {
      const converter = withoutEffect.find((prefix) => key.startsWith(`${prefix}.`))
      if (converter)
        return `${key} has no effect without ${converter} beside it: the worker's converter has its own settings.`
      return nearest === null
        ? `${key} is no key of this connector.`
        : `${key} is no key of this connector; ${nearest} is.`
    }),
  ]
}

function isPluginVersion(key: string): boolean {
  return key.endsWith('.plugin.version')
}
