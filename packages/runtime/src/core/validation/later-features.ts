import type { Props } from '@sluice/api'

/**
 * A key of Connect's that is legal and has no effect yet. Whoever sets it is told so when the worker or the connector
 * starts (I3); `docs/differences.md` lists them.
 */
export interface LaterFeature {
  readonly scope: 'worker' | 'connector'
  /** The key, or the beginning of keys where it ends in `*`. */
  readonly key: string
  /** What does not happen yet, as the rest of a sentence that begins with the key. */
  readonly meaning: string
  /** The values under which nothing is missing. */
  readonly harmless?: readonly string[]
}

const onlyDefault = 'has no effect yet'

/** Keys of connectors. */
export const laterConnectorFeatures: readonly LaterFeature[] = [
  later('errors.tolerance', 'has no effect yet: every record that fails fails its task', ['none']),
  later('errors.retry.timeout', 'has no effect yet: a failed conversion or transform is not tried again', ['0']),
  later('errors.retry.delay.max.ms', onlyDefault, ['60000']),
  later('errors.log.enable', 'has no effect yet: a failed record is named in the status of its task', ['false']),
  later('errors.log.include.messages', onlyDefault, ['false']),
  later('errors.deadletterqueue.topic.name', 'has no effect yet: there are no dead letters', ['']),
  later('errors.deadletterqueue.topic.replication.factor', onlyDefault, ['3']),
  later('errors.deadletterqueue.context.headers.enable', onlyDefault, ['false']),
  later('topic.creation.*', 'has no effect yet: the broker creates missing topics with its own defaults', []),
  later('exactly.once.support', 'has no effect yet: sources deliver at least once', ['requested']),
  later('transaction.boundary', onlyDefault, ['poll']),
  later('transaction.boundary.interval.ms', onlyDefault, []),
  later('offsets.storage.topic', 'has no effect in standalone mode', []),
  later('config.action.reload', 'has no effect yet: there are no config providers', ['restart']),
  later('connector.plugin.version', 'has no effect yet: the installed version is used', []),
  later('key.converter.plugin.version', 'has no effect yet: the installed version is used', []),
  later('value.converter.plugin.version', 'has no effect yet: the installed version is used', []),
  later('header.converter.plugin.version', 'has no effect yet: the installed version is used', []),
]

function later(key: string, meaning: string, harmless: readonly string[]): LaterFeature {
  return { scope: 'connector', key, meaning, harmless }
}

/** A sentence for each key that is set to something that does not happen yet. */
export function laterFeaturesIn(props: Props, features: readonly LaterFeature[]): readonly string[] {
  return features.flatMap((feature) => keysOf(props, feature).map((key) => `${key} ${feature.meaning}.`))
}

function keysOf(props: Props, { key, harmless = [] }: LaterFeature): readonly string[] {
  const isMeant = key.endsWith('*')
    ? (name: string) => name.startsWith(key.slice(0, -1))
    : (name: string) => name === key
  return Object.keys(props).filter((name) => {
    const text = props[name]?.trim()
    return isMeant(name) && text !== undefined && !harmless.includes(text.toLowerCase())
  })
}
