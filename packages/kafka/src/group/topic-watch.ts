import type { ClientSettings } from '../client-settings.ts'
import { delay } from '../connection/delay.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import type { Metadata } from '../metadata/metadata.ts'

/** What is watched, and whom it tells. */
export interface WatchParts {
  readonly metadata: Metadata
  readonly settings: ClientSettings
  readonly topics: readonly string[] | RegExp
  /** Whether asking for a named topic may create it. */
  readonly create: boolean
  /** What the group was divided by is no longer so. */
  onChange(reason: string): void
}

/**
 * The topics of a subscription and how many partitions they have: asked for before each join, then now and then, more
 * often while a named topic is not there yet.
 */
export class TopicWatch {
  readonly #parts: WatchParts
  readonly #closing = new AbortController()
  readonly #pattern: RegExp | null
  #topics: readonly string[]
  /** Partition counts by which this member, as leader, divided the group last. */
  #divided: ReadonlyMap<string, number> | null = null
  #isMissingTopics = false
  #isWatching = false

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.#pattern = parts.topics instanceof RegExp ? wholeName(parts.topics) : null
    this.#topics = parts.topics instanceof RegExp ? [] : [...new Set(parts.topics)].sort()
  }

  /** What the member subscribes to, as of the last `refresh`. */
  get topics(): readonly string[] {
    return this.#topics
  }

  /** Finds the topics that match a pattern; names need no asking. */
  async refresh(): Promise<void> {
    if (this.#pattern !== null) this.#topics = await this.#matching(this.#pattern)
  }

  /**
   * How many partitions the topics of all members have; those that are not there are left out, and watched for.
   * @throws KafkaError when one of them may not be read
   */
  async divide(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = await this.#countPartitions(topics)
    this.#divided = counts
    this.#isMissingTopics = counts.size < topics.length
    return counts
  }

  /** Another member leads: how many partitions there are is its concern. */
  follow(): void {
    this.#divided = null
    this.#isMissingTopics = false
  }

  /** Watches from now on, until `close`. */
  watch(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    void this.#run()
  }

  close(): void {
    this.#closing.abort()
  }

  /** Never rejects: a cluster that cannot be asked now is asked again. */
  async #run(): Promise<void> {
    const { settings } = this.#parts
    const { signal } = this.#closing
    for (let quick = settings.retry.firstMs; !signal.aborted;) {
      const pause = this.#isMissingTopics ? Math.min(quick, settings.metadataMaxAgeMs) : settings.metadataMaxAgeMs
      quick = this.#isMissingTopics ? Math.min(quick * 2, settings.retry.maxMs) : settings.retry.firstMs
      await delay(pause, signal)
      if (signal.aborted) return
      try {
        const reason = await this.#findChange()
        if (reason !== null && !this.#closing.signal.aborted) this.#parts.onChange(reason)
      } catch (error) {
        if (!this.#closing.signal.aborted) settings.log.debug('Topics cannot be watched now', { error: String(error) })
      }
    }
  }

  async #findChange(): Promise<string | null> {
    const { metadata, create } = this.#parts
    if (this.#pattern !== null) {
      const matching = await this.#matching(this.#pattern)
      if (matching.join('\n') !== this.#topics.join('\n')) return 'the topics that match the subscription have changed'
    }
    const divided = this.#divided
    if (divided === null) return null
    const named = this.#pattern === null ? this.#topics : []
    const asked = [...new Set([...divided.keys(), ...named])]
    const { topics } = await metadata.ask(asked, { create })
    const isSame = asked.every((name) => {
      const topic = topics.get(name)
      return (
        (topic === undefined || topic instanceof KafkaError ? undefined : topic.partitions.length) === divided.get(name)
      )
    })
    return isSame ? null : 'the number of partitions of subscribed topics has changed'
  }

  async #countPartitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (topics.length === 0) return new Map()
    const answer = await this.#parts.metadata.ask(topics, { create: this.#parts.create && this.#pattern === null })
    const counts = new Map<string, number>()
    for (const [name, topic] of answer.topics) {
      if (!(topic instanceof KafkaError)) counts.set(name, topic.partitions.length)
      else if (!topic.retriable) throw topic
    }
    return counts
  }

  async #matching(pattern: RegExp): Promise<readonly string[]> {
    const { topics } = await this.#parts.metadata.ask(null, { create: false })
    const matches: string[] = []
    for (const [name, topic] of topics) {
      if (!(topic instanceof KafkaError) && !topic.isInternal && pattern.test(name)) matches.push(name)
    }
    return matches.sort()
  }
}

/** The pattern must match from the first to the last character, as in Java; without flags that keep state. */
function wholeName(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''))
}
