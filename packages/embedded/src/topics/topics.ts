import { randomBytes } from 'node:crypto'
import type { PartitionLog } from '../log/partition-log.ts'
import { logSettings } from './topic-config.ts'
import { collisionKey } from './topic-name.ts'

/** What is kept of a topic besides its logs. */
export interface TopicFacts {
  readonly name: string
  /** Kafka's text of the uuid: 22 characters of base64. A topic created again under its old name has a new one. */
  readonly id: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

/** A topic that is open. */
export interface Topic {
  readonly name: string
  readonly id: string
  readonly logs: PartitionLog[]
  configs: ReadonlyMap<string, string>
}

/** Where topics are kept. */
export interface TopicStorage {
  /** Opens the log of a partition, as it was left, or empty. */
  openLog(topic: Topic, partition: number): PartitionLog
  /** Keeps which topics there are. Throws if it cannot; nothing has changed then. */
  save(topics: readonly TopicFacts[]): void
  /** Deletes what is left of a topic whose logs are closed. */
  forget(topicId: string): void
}

/** The topics of the broker. What a call has returned from is kept. */
export class Topics {
  readonly #storage: TopicStorage
  readonly #byName = new Map<string, Topic>()
  readonly #byId = new Map<string, Topic>()
  readonly #collisionKeys = new Map<string, string>()

  constructor(storage: TopicStorage) {
    this.#storage = storage
  }

  /** Opens a topic that was kept earlier. */
  restore(facts: TopicFacts): void {
    this.#add(this.#open(facts))
  }

  all(): Topic[] {
    return [...this.#byName.values()]
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name)
  }

  byId(id: string): Topic | undefined {
    return this.#byId.get(id)
  }

  /** The log of a partition, if there is one. */
  log(name: string, partition: number): PartitionLog | undefined {
    return this.#byName.get(name)?.logs[partition]
  }

  /** The topic whose name differs from this one in '.' and '_' alone. */
  collidingWith(name: string): string | undefined {
    return this.#collisionKeys.get(collisionKey(name))
  }

  /** Creates a topic under a name that is legal and free. */
  create(name: string, partitions: number, configs: ReadonlyMap<string, string>): Topic {
    const facts = { name, id: newTopicId(), partitions, configs: Object.fromEntries(configs) }
    try {
      const topic = this.#open(facts)
      // Only now does the topic exist: logs that no list names are removed on the next start.
      this.#storage.save([...this.#facts(), facts])
      this.#add(topic)
      return topic
    } catch (error) {
      this.#storage.forget(facts.id)
      throw error
    }
  }

  /** Deletes the topic with all its records. */
  delete(topic: Topic): void {
    this.#storage.save(this.#facts().filter((facts) => facts.id !== topic.id))
    this.#byName.delete(topic.name)
    this.#byId.delete(topic.id)
    this.#collisionKeys.delete(collisionKey(topic.name))
    for (const log of topic.logs) log.remove()
    this.#storage.forget(topic.id)
  }

  /** Gives the topic more partitions: `count` in all. */
  addPartitions(topic: Topic, count: number): void {
    const enlarged = (facts: TopicFacts): TopicFacts => ({ ...facts, partitions: count })
    const added: PartitionLog[] = []
    for (let i = topic.logs.length; i < count; i++) added.push(this.#storage.openLog(topic, i))
    this.#storage.save(this.#facts().map((facts) => (facts.id === topic.id ? enlarged(facts) : facts)))
    topic.logs.push(...added)
  }

  /** Replaces the settings of the topic. */
  setConfigs(topic: Topic, configs: ReadonlyMap<string, string>): void {
    const changed = (facts: TopicFacts): TopicFacts => ({ ...facts, configs: Object.fromEntries(configs) })
    this.#storage.save(this.#facts().map((facts) => (facts.id === topic.id ? changed(facts) : facts)))
    topic.configs = configs
  }

  /** Closes all logs; what they hold is on disk then. */
  async close(): Promise<void> {
    for (const topic of this.#byName.values()) for (const log of topic.logs) await log.close()
  }

  #open(facts: TopicFacts): Topic {
    const topic: Topic = { name: facts.name, id: facts.id, logs: [], configs: new Map(Object.entries(facts.configs)) }
    while (topic.logs.length < facts.partitions) topic.logs.push(this.#storage.openLog(topic, topic.logs.length))
    return topic
  }

  #add(topic: Topic): void {
    this.#byName.set(topic.name, topic)
    this.#byId.set(topic.id, topic)
    this.#collisionKeys.set(collisionKey(topic.name), topic.name)
  }

  #facts(): TopicFacts[] {
    return this.all().map((topic) => ({
      name: topic.name,
      id: topic.id,
      partitions: topic.logs.length,
      configs: Object.fromEntries(topic.configs),
    }))
  }
}

/** The settings of the topic, parsed once per change. */
export function settingsOf(topic: Topic): () => ReturnType<typeof logSettings> {
  let configs = topic.configs
  let settings = logSettings(configs)
  return () => {
    if (configs !== topic.configs) {
      configs = topic.configs
      settings = logSettings(configs)
    }
    return settings
  }
}

/** Ids that begin with '-' look like options to command-line tools; Kafka avoids them too. */
function newTopicId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}
