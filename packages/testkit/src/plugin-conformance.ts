// What every plugin must satisfy so that its form, its documentation and its manifest are right. The rules are about
// the definitions alone: no plugin code runs but its checks, on its own defaults and examples.
import {
  type ConfigField,
  type ConfigKey,
  configInfos,
  configKeys,
  type ConfigSpec,
  configSpec,
  deprecatedKeys,
  mergeSpecs,
  parseConfig,
  type PluginDefinition,
  type Props,
  specFromKeys,
  unknownKeys,
} from '@sluice/api'

/** One rule that a plugin breaks. */
export interface ConformanceFinding {
  readonly rule: ConformanceRule
  /** Class name of the plugin. */
  readonly plugin: string
  /** The config key, or the title of the example; null when it is about the plugin. */
  readonly subject: string | null
  readonly message: string
}

export type ConformanceRule =
  | 'name'
  | 'summary'
  | 'doc'
  | 'key-name'
  | 'password'
  | 'canonical-key'
  | 'unit'
  | 'default'
  | 'dependents'
  | 'manifest'
  | 'example'
  | 'exception'

/** A finding that is right as it is, for example because Kafka Connect named the key. */
export interface ConformanceException {
  readonly rule: ConformanceRule
  readonly plugin: string
  readonly subject: string | null
  readonly reason: string
}

/** A config that the documentation shows. */
export interface ConnectorExample {
  readonly title: string
  readonly config: Props
}

export interface ConformanceOptions {
  readonly examples?: readonly ConnectorExample[]
  /** The keys that every connector may have; without it the examples may hold the connector's own keys only. */
  readonly framework?: ConfigSpec
  readonly exceptions?: readonly ConformanceException[]
}

/** Everything that breaks a rule, exceptions aside; an exception that nothing needs is a finding itself. */
export function pluginFindings(
  plugins: readonly PluginDefinition[],
  options: ConformanceOptions = {},
): readonly ConformanceFinding[] {
  const all = [
    ...nameFindings(plugins),
    ...plugins.flatMap(definitionFindings),
    ...(options.examples ?? []).flatMap((example) => exampleFindings(plugins, example, options.framework)),
  ]
  const exceptions = options.exceptions ?? []
  const excused = (finding: ConformanceFinding): boolean => exceptions.some((exception) => covers(exception, finding))
  const unused = exceptions.filter((exception) => !all.some((finding) => covers(exception, finding)))
  return [
    ...all.filter((finding) => !excused(finding)),
    ...unused.map(({ plugin, subject, rule }) =>
      found('exception', plugin, subject, `The exception to "${rule}" is not needed`),
    ),
  ]
}

function covers(exception: ConformanceException, { rule, plugin, subject }: ConformanceFinding): boolean {
  return exception.rule === rule && exception.plugin === plugin && exception.subject === subject
}

function found(rule: ConformanceRule, plugin: string, subject: string | null, message: string): ConformanceFinding {
  return { rule, plugin, subject, message }
}

function nameFindings(plugins: readonly PluginDefinition[]): readonly ConformanceFinding[] {
  const owners = new Map<string, string>()
  return plugins.flatMap((plugin) => {
    const findings: ConformanceFinding[] = []
    if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(plugin.name)) {
      findings.push(found('name', plugin.className, null, `The name "${plugin.name}" is not kebab-case`))
    }
    // A class may be converter and header converter at once; within a kind a name leads to one plugin.
    for (const name of new Set([plugin.name, plugin.className, ...plugin.aliases])) {
      const owner = owners.get(`${plugin.kind} ${name}`)
      if (owner !== undefined) {
        findings.push(found('name', plugin.className, null, `"${name}" is also a name of ${owner}`))
      }
      owners.set(`${plugin.kind} ${name}`, plugin.className)
    }
    return findings
  })
}

function definitionFindings(plugin: PluginDefinition): readonly ConformanceFinding[] {
  const specs =
    plugin.kind === 'source' || plugin.kind === 'sink' ? [plugin.config, plugin.taskConfig] : [plugin.config]
  const findings = [...new Set(specs)].flatMap((spec) => specFindings(plugin.className, spec))
  return isSentence(plugin.summary)
    ? findings
    : [found('summary', plugin.className, null, 'The summary is not a sentence with a full stop'), ...findings]
}

function specFindings(plugin: string, spec: ConfigSpec): readonly ConformanceFinding[] {
  const keys = configKeys(spec)
  const copy = specFromKeys(JSON.parse(JSON.stringify(keys)) as readonly ConfigKey[])
  const same = JSON.stringify(configKeys(copy)) === JSON.stringify(keys)
  return [
    ...Object.entries(spec.fields).flatMap(([key, field]) => fieldFindings(plugin, spec, key, field)),
    ...defaultFindings(plugin, spec),
    ...(same ? [] : [found('manifest', plugin, null, 'The spec is another after a way through the manifest')]),
  ]
}

const keyPattern = /^[a-z][a-z0-9]*(?:\.[a-z0-9]+)*$/
const numericTypes: ReadonlySet<string> = new Set(['INT', 'SHORT', 'LONG', 'DOUBLE'])
const secretKey = /(?:^|\.)(?:password|secret|token|key)$/
const measuredKey = /(?:^|\.)(?:timeout|interval|delay|backoff|age)$/

/** Keys that mean what a key of Connect's vocabulary means already. */
const canonicalKeys: Readonly<Record<string, string>> = {
  'max.batch.size': 'batch.size',
  'batch.records': 'batch.size',
  'retry.delay.ms': 'retry.backoff.ms',
  'retry.wait.ms': 'retry.backoff.ms',
  'retry.max': 'max.retries',
  retries: 'max.retries',
  'connection.uri': 'connection.url',
  'connection.string': 'connection.url',
  'connection.username': 'connection.user',
}

/** What is wrong with a key on its own, by rule; null when nothing is. */
const keyRules: readonly (readonly [ConformanceRule, (key: string, field: ConfigField) => string | null])[] = [
  ['doc', (_key, { doc }) => (isSentence(doc) ? null : 'The documentation is not a sentence with a full stop')],
  [
    'doc',
    (_key, { deprecated }) =>
      deprecated === null || isSentence(deprecated) ? null : 'The way out is not a sentence with a full stop',
  ],
  ['key-name', (key) => (keyPattern.test(key) ? null : 'The key is not lower-case and dotted')],
  [
    'password',
    (key, { type }) => (secretKey.test(key) && type !== 'PASSWORD' ? `The key is a ${type}, not a password` : null),
  ],
  [
    'unit',
    (key, { type }) => (numericTypes.has(type) && measuredKey.test(key) ? 'The key does not say its unit' : null),
  ],
  [
    'canonical-key',
    (key) => (Object.hasOwn(canonicalKeys, key) ? `The canonical key is "${canonicalKeys[key]}"` : null),
  ],
]

function fieldFindings(
  plugin: string,
  spec: ConfigSpec,
  key: string,
  field: ConfigField,
): readonly ConformanceFinding[] {
  const alone = configSpec({ [key]: field })
  return [
    ...keyRules.flatMap(([rule, broken]) => {
      const message = broken(key, field)
      return message === null ? [] : [found(rule, plugin, key, message)]
    }),
    ...field.dependents
      .filter((dependent) => !Object.hasOwn(spec.fields, dependent))
      .map((dependent) => found('dependents', plugin, key, `"${dependent}" is not a key of the spec`)),
    ...field.recommended
      .filter((value) => parseConfig(alone, { [key]: value }).issues.length > 0)
      .map((value) => found('default', plugin, key, `The recommended value "${value}" is not valid`)),
  ]
}

function defaultFindings(plugin: string, spec: ConfigSpec): readonly ConformanceFinding[] {
  return configInfos(spec, {}, plugin).configs.flatMap(({ definition, value }) =>
    definition === null || value === null || definition.required
      ? []
      : value.errors.map((error) => found('default', plugin, definition.name, `The default is not valid: ${error}`)),
  )
}

function exampleFindings(
  plugins: readonly PluginDefinition[],
  { title, config }: ConnectorExample,
  framework: ConfigSpec = configSpec({}),
): readonly ConformanceFinding[] {
  const name = config['connector.class'] ?? ''
  const plugin = plugins.find((one) => [one.name, one.className, ...one.aliases].includes(name))
  if (plugin === undefined) return [found('example', name, title, `No connector is called "${name}"`)]
  const spec = mergeSpecs(framework, plugin.config)
  const given = Object.entries(spec.fields).filter(([key]) => (config[key] ?? null) !== null)
  const messages = [
    ...parseConfig(spec, config).issues.map(({ message }) => message),
    ...unknownKeys(spec, config)
      .filter(({ key }) => key !== 'name' && key !== 'connector.class')
      .map(({ key }) => `"${key}" is not known`),
    ...deprecatedKeys(spec, config).map(({ key, instead }) => `"${key}" is deprecated. ${instead}`),
    ...given.flatMap(([key, { type }]) =>
      type === 'PASSWORD' && !config[key]?.includes('${') ? [`"${key}" is a secret in clear text`] : [],
    ),
  ]
  return messages.map((message) => found('example', plugin.className, title, message))
}

function isSentence(text: string): boolean {
  return text.trim() === text && text.length > 1 && text.endsWith('.')
}
