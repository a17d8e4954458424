import { type ConfigIssue, type ConfigSpec, parseConfig, type PluginKind, type Props } from '@sluice/api'
import { connectorOwner, type ConnectorStart } from '../hosts/host-protocol.ts'
import type { RegisteredPlugin } from '../plugins/plugin-registry.ts'
import type { ConverterDefault, ConverterKey, FrameworkFacts } from '../core/validation/connector-config.ts'
import { aliasesOf, type ChainPlugin } from '../core/validation/connector-spec.ts'
import { type ClassKind, type ConnectorValidation, validateConnector } from '../core/validation/validate-connector.ts'
import { defaultHeaderConverter } from './build-pipeline.ts'
import { type ConnectorDefinition, connectorDefinition } from './connector-runner.ts'
import type { HostPlugins } from './host-plugins.ts'
import type { PluginCalls } from './plugin-calls.ts'

export interface ValidationHost {
  readonly plugins: HostPlugins
  readonly calls: PluginCalls
  readonly workerProps: Props
}

const kindsOf: Readonly<Record<ClassKind, readonly PluginKind[]>> = {
  Converter: ['converter'],
  HeaderConverter: ['header_converter'],
  Transformation: ['transformation'],
  Predicate: ['predicate'],
}

/** Validates a connector's config with the code of its plugins: imports them, asks them, judges. */
export async function validateInHost(
  { name, config }: ConnectorStart,
  host: ValidationHost,
): Promise<ConnectorValidation> {
  const { plugins } = host
  const { registry } = plugins
  const definition = await connectorDefinition(plugins, config)
  const connector = registry.connector(definition.className)
  const classNames = (kind: PluginKind): readonly string[] => registry.list([kind]).map(({ className }) => className)
  const framework: FrameworkFacts = {
    connectorVersion: connector.version,
    converters: {
      'key.converter': defaultConverter(host, 'key.converter', 'converter'),
      'value.converter': defaultConverter(host, 'value.converter', 'converter'),
      'header.converter': defaultConverter(host, 'header.converter', 'header_converter'),
    },
    converterClasses: classNames('converter'),
    headerConverterClasses: classNames('header_converter'),
  }
  return validateConnector({
    type: definition.kind,
    props: config,
    submittedClass: config['connector.class'] ?? '',
    framework,
    chain: {
      transforms: await chainPlugins(plugins, config, 'transforms'),
      predicates: await chainPlugins(plugins, config, 'predicates'),
    },
    transformClasses: classNames('transformation'),
    predicateClasses: classNames('predicate'),
    connector: { config: definition.config, issues: await issuesOf(definition, { name, config }, host) },
    converters: await ownConverters(plugins, config),
    findClass: (className) => registry.findAny(className)?.className ?? null,
    isOfKind: (className, kind) => registry.find(className, kindsOf[kind]) !== null,
  })
}

function defaultConverter(
  { plugins, workerProps }: ValidationHost,
  key: ConverterKey,
  kind: PluginKind,
): ConverterDefault {
  const name = workerProps[key] ?? (key === 'header.converter' ? defaultHeaderConverter : '')
  const found = plugins.registry.find(name, [kind])
  return { className: found?.className ?? null, version: found?.version ?? null }
}

async function chainPlugins(
  plugins: HostPlugins,
  config: Props,
  key: 'transforms' | 'predicates',
): Promise<ReadonlyMap<string, ChainPlugin | null>> {
  const kind = key === 'transforms' ? 'transformation' : 'predicate'
  const found = new Map<string, ChainPlugin | null>()
  for (const alias of aliasesOf(config, key)) {
    const registered = plugins.registry.find(config[`${key}.${alias}.type`]?.trim() ?? '', [kind])
    found.set(alias, registered && (await loaded(plugins, registered)))
  }
  return found
}

async function loaded({ loader }: HostPlugins, registered: RegisteredPlugin): Promise<ChainPlugin> {
  const { className, config } = await loader.load(registered)
  return { className, config, version: registered.version }
}

async function ownConverters(plugins: HostPlugins, config: Props): Promise<ReadonlyMap<ConverterKey, ConfigSpec>> {
  const found = new Map<ConverterKey, ConfigSpec>()
  for (const key of ['header.converter', 'key.converter', 'value.converter'] as const) {
    const kind = key === 'header.converter' ? 'header_converter' : 'converter'
    const registered = plugins.registry.find(config[key]?.trim() ?? '', [kind])
    if (registered) found.set(key, (await plugins.loader.load(registered)).config)
  }
  return found
}

/** What the connector's own code says about a config whose keys are all right one by one. */
async function issuesOf(
  definition: ConnectorDefinition,
  { name, config }: ConnectorStart,
  { calls }: ValidationHost,
): Promise<readonly ConfigIssue[]> {
  if (!definition.validate) return []
  const parsed = parseConfig(definition.config, config)
  if (parsed.issues.length > 0) return []
  return await calls.run(
    calls.site(connectorOwner(name), 'validate()'),
    () => definition.validate?.(parsed.config) ?? [],
  )
}
