import { errorCode } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { topicConfigKey, topicConfigProblem } from './topic-config.ts'
import { topicNameProblem } from './topic-name.ts'
import type { Topic } from './topics.ts'

/** A topic with more is refused: it would be a mistake, and each partition costs a file. */
export const maxPartitions = 10_000

/** A request that was not carried out, in the codes and words of Kafka. */
export interface Refusal {
  readonly errorCode: number
  readonly message: string
}

/** The topic that somebody wants; −1 partitions are the broker's default. */
export interface WantedTopic {
  readonly name: string
  readonly partitions: number
  readonly configs: ReadonlyMap<string, string>
}

/** Why the topic cannot be created, or null. */
export function topicRefusal(broker: Broker, wanted: WantedTopic): Refusal | null {
  const { name, partitions } = wanted
  const nameProblem = topicNameProblem(name)
  if (nameProblem !== null)
    return { errorCode: errorCode.INVALID_TOPIC_EXCEPTION, message: `Topic name is invalid: ${nameProblem}` }
  if (broker.topics.get(name) !== undefined)
    return { errorCode: errorCode.TOPIC_ALREADY_EXISTS, message: `Topic '${name}' already exists.` }
  const other = broker.topics.collidingWith(name)
  if (other !== undefined)
    return {
      errorCode: errorCode.INVALID_TOPIC_EXCEPTION,
      message: `Topic '${name}' collides with existing topic: ${other}`,
    }
  return partitionsRefusal(partitions) ?? configsRefusal(wanted.configs)
}

function partitionsRefusal(partitions: number): Refusal | null {
  if (partitions === -1 || (partitions > 0 && partitions <= maxPartitions)) return null
  const message =
    partitions > 0
      ? `${partitions} partitions are more than the ${maxPartitions} that this broker allows.`
      : 'Number of partitions was set to an invalid non-positive value.'
  return { errorCode: errorCode.INVALID_PARTITIONS, message }
}

/** Why these settings cannot be those of a topic, or null. */
export function configsRefusal(configs: ReadonlyMap<string, string>): Refusal | null {
  for (const [name, value] of configs) {
    const message = topicConfigProblem(name, value)
    if (message !== null) return { errorCode: errorCode.INVALID_CONFIG, message }
  }
  return null
}

/** Creates a topic to which nothing stands in the way. A failing disk is a refusal too. */
export function createTopic(broker: Broker, wanted: WantedTopic): Topic | Refusal {
  const partitions = wanted.partitions === -1 ? broker.defaultPartitions : wanted.partitions
  try {
    const topic = broker.topics.create(wanted.name, partitions, wanted.configs)
    warnOfIdleConfigs(broker, wanted.name, wanted.configs)
    return topic
  } catch (error) {
    return storageRefusal(broker, `creating topic ${wanted.name}`, error)
  }
}

/** The refusal of what could not be written down. */
export function storageRefusal(broker: Broker, doing: string, error: unknown): Refusal {
  broker.health.failed(doing, error)
  return { errorCode: errorCode.KAFKA_STORAGE_ERROR, message: 'The data folder of the broker cannot be written.' }
}

/** I3: a setting that is kept without being obeyed is said. */
export function warnOfIdleConfigs(broker: Broker, topic: string, configs: ReadonlyMap<string, string>): void {
  const idle = [...configs].filter(([name, value]) => {
    const key = topicConfigKey(name)
    return key !== undefined && key.hasEffect !== true && key.default !== value.trim()
  })
  if (idle.length === 0) return
  broker.log.info('Settings of a topic are kept and shown, but the embedded broker does not act on them', {
    topic,
    settings: idle.map(([name]) => name),
  })
}
