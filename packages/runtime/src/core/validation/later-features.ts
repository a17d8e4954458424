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

/** Keys of the worker. */
export const laterWorkerFeatures: readonly LaterFeature[] = [
  ofWorker('admin.listeners', 'has no effect yet: there is no admin resource', []),
  ofWorker('rest.advertised.listener', 'has no effect yet: there are only listeners of http', ['http']),
  ofWorker('access.control.allow.origin', 'has no effect yet: the REST server sends no CORS headers', ['']),
  ofWorker('access.control.allow.methods', 'has no effect yet: the REST server sends no CORS headers', ['']),
  ofWorker('response.http.headers.config', 'has no effect yet: the REST server adds no headers', ['']),
  ofWorker('rest.extension.classes', 'has no effect yet: there are no REST extensions', ['']),
  ofWorker('ssl.*', 'has no effect yet: the REST server does not serve TLS', []),
  ofWorker('client.dns.lookup', 'has no effect: Node resolves names', ['use_all_dns_ips']),
  ofWorker('config.providers', 'has no effect yet: references such as ${file:…} are taken as text', ['']),
  ofWorker('connector.client.config.override.policy', 'has no effect yet: connectors may override everything', [
    'all',
    'org.apache.kafka.connect.connector.policy.allconnectorclientconfigoverridepolicy',
  ]),
  ofWorker('topic.creation.enable', 'has no effect yet: topic.creation.* of connectors is not there', ['true']),
  ofWorker('topic.tracking.enable', 'has no effect yet: topics are not tracked', []),
  ofWorker('topic.tracking.allow.reset', 'has no effect yet: topics are not tracked', []),
  ofWorker('metrics.sample.window.ms', 'has no effect yet: there are no metrics', []),
  ofWorker('metrics.num.samples', 'has no effect yet: there are no metrics', []),
  ofWorker('metrics.recording.level', 'has no effect yet: there are no metrics', []),
  ofWorker('metric.reporters', 'has no effect yet: there are no metrics', ['']),
  ofWorker('plugin.discovery', 'has no effect: plugins are found by their manifests', []),
  ofWorker('key.converter.plugin.version', 'has no effect yet: the installed version is used', []),
  ofWorker('value.converter.plugin.version', 'has no effect yet: the installed version is used', []),
  ofWorker('header.converter.plugin.version', 'has no effect yet: the installed version is used', []),
  ofWorker('internal.key.converter', 'has no effect: internal data is always JSON without schemas', []),
  ofWorker('internal.value.converter', 'has no effect: internal data is always JSON without schemas', []),
]

function ofWorker(key: string, meaning: string, harmless: readonly string[]): LaterFeature {
  return { scope: 'worker', key, meaning, harmless }
}

/** Every key that has no effect yet, for the page of differences. */
export function laterFeatures(): readonly LaterFeature[] {
  return [...laterWorkerFeatures, ...laterConnectorFeatures]
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
