import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { configsRefusal, storageRefusal, warnOfIdleConfigs, type Refusal } from '../topics/create-topic.ts'
import { listItems, topicConfigKey } from '../topics/topic-config.ts'
import { resourceType } from './config-entry.ts'
import type { Handler } from './handler.ts'

type Resource = Messages['IncrementalAlterConfigs']['request']['resources'][number]
type Change = Resource['configs'][number]

const operation = { set: 0, delete: 1, append: 2, subtract: 3 } as const

/** Changes settings of topics; those of the broker are fixed when it starts. */
export const handleIncrementalAlterConfigs: Handler<'IncrementalAlterConfigs'> = (broker, request) => ({
  responses: request.resources.map((resource) => {
    const refusal = alter(broker, resource, request.validateOnly)
    return {
      errorCode: refusal?.errorCode ?? errorCode.NONE,
      errorMessage: refusal?.message ?? null,
      resourceType: resource.resourceType,
      resourceName: resource.resourceName,
    }
  }),
})

function alter(broker: Broker, resource: Resource, validateOnly: boolean): Refusal | null {
  if (resource.resourceType !== resourceType.topic)
    return { errorCode: errorCode.INVALID_REQUEST, message: 'Only the settings of topics can be changed here.' }
  const topic = broker.topics.get(resource.resourceName)
  if (topic === undefined)
    return {
      errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION,
      message: 'This server does not host this topic-partition.',
    }
  const changed = new Map(topic.configs)
  for (const change of resource.configs) {
    const refusal = applyChange(changed, change)
    if (refusal !== null) return refusal
  }
  const refusal = configsRefusal(changed)
  if (refusal !== null || validateOnly) return refusal
  try {
    broker.topics.setConfigs(topic, changed)
    warnOfIdleConfigs(broker, topic.name, new Map(resource.configs.map((c) => [c.name, changed.get(c.name) ?? ''])))
    return null
  } catch (error) {
    return storageRefusal(broker, `changing the settings of topic ${topic.name}`, error)
  }
}

function applyChange(configs: Map<string, string>, { name, configOperation, value }: Change): Refusal | null {
  const key = topicConfigKey(name)
  if (key === undefined) return invalidConfig(`Unknown topic config name: ${name}`)
  if (configOperation === operation.delete) {
    configs.delete(name)
    return null
  }
  if (value === null) return invalidConfig(`Null value not supported for : ${name}`)
  if (configOperation === operation.set) {
    configs.set(name, value)
    return null
  }
  if (key.type !== 'LIST') return invalidConfig(`Can't append to or subtract from ${name}: its type is ${key.type}.`)
  const present = listItems(configs.get(name) ?? key.default)
  const given = listItems(value)
  const rest = present.filter((item) => !given.includes(item))
  if (configOperation !== operation.append && configOperation !== operation.subtract)
    return { errorCode: errorCode.INVALID_REQUEST, message: `Unknown operation ${configOperation} on ${name}` }
  configs.set(name, (configOperation === operation.append ? [...rest, ...given] : rest).join(','))
  return null
}

function invalidConfig(message: string): Refusal {
  return { errorCode: errorCode.INVALID_CONFIG, message }
}
