import { configSpec, field, nearestKey, type Props, requireConfig, unknownKeys, validList } from '@sluice/api'
import { clientOptionsFromProps, type OptionsOf } from '@sluice/kafka'
import { laterFeaturesIn, laterWorkerFeatures } from './core/validation/later-features.ts'
import { clientProps } from './core/client-props.ts'
import type { PluginRegistry } from './plugins/plugin-registry.ts'
import { readWorkerSettings, standaloneWorkerSpec, type WorkerSettings } from './worker-config-spec.ts'

/** A worker's config, read and judged. */
export interface WorkerConfig {
  readonly settings: WorkerSettings
  /** Of the client with which the worker itself talks to Kafka. */
  readonly admin: OptionsOf<'admin'>
  /** I3: a sentence for each key that does nothing here. */
  readonly warnings: readonly string[]
}

/** `plugin.path`, which has to be known before the plugins are, and these before the rest of the config. */
export function pluginPathOf(props: Props): readonly string[] {
  if (typeof props['plugin.path'] !== 'string') return []
  const pathSpec = configSpec({ 'plugin.path': field.list({ doc: 'As the worker has it.', check: pathCheck }) })
  return requireConfig(pathSpec, props)['plugin.path']
}

const pathCheck = validList({ allowEmpty: false })

/** Throws a ConfigError with everything that is wrong, in Connect's words. */
export function readWorkerConfig(props: Props, registry: PluginRegistry): WorkerConfig {
  const settings = readWorkerSettings(props, {
    findClass: (name) => registry.findAny(name)?.className ?? null,
  })
  const admin = clientOptionsFromProps(clientProps('admin', 'sluice-admin', props, {}), 'admin')
  const ofClients = new Set(admin.unknown.map(({ key }) => key))
  const unknown = unknownKeys(standaloneWorkerSpec, props).filter(({ key }) => ofClients.has(key))
  const ignored = admin.ignored.filter((key) => !Object.hasOwn(standaloneWorkerSpec.fields, key))
  return {
    settings,
    admin,
    warnings: [
      ...laterFeaturesIn(props, laterWorkerFeatures),
      ...unknown.map(({ key }) => {
        // The right key may be there, too: a line copied and changed.
        const nearest = nearestKey(key, Object.keys(standaloneWorkerSpec.fields))
        return nearest === null ? `${key} is no key of a worker.` : `${key} is no key of a worker; ${nearest} is.`
      }),
      ...(ignored.length === 0 ? [] : [`No effect here have: ${ignored.join(', ')}.`]),
    ],
  }
}
