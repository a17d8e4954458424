import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { createKafkaClient } from '../../src/kafka-client.ts'
import type { AdminPort, ClientOptions, KafkaClient, NewTopic } from '../../src/ports.ts'

/** What a contract runs against: a broker that is up for the whole file. */
export interface ContractTarget {
  /** `host:port` of a broker that is empty or shared; known once the hooks before the tests have run. */
  bootstrapServers(): string
  /** What the broker has, where brokers differ. */
  readonly features: {
    /** Topics may stamp records with the time of their append. */
    readonly logAppendTime: boolean
    /** Topics may refuse batches above `max.message.bytes`. */
    readonly maxMessageBytes: boolean
  }
}

/** Names of topics and groups that no other test uses. */
export function unique(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`
}

/** A client for the tests of one suite, closed after them. */
export interface SuiteClient {
  readonly client: KafkaClient
  readonly admin: AdminPort
  /** A topic of its own name with so many partitions. */
  topic(partitions: number, configs?: NewTopic['configs']): Promise<string>
}

/** Opens a client before the tests of the enclosing suite, and closes it after them. */
export function suiteClient(target: ContractTarget, options: Partial<ClientOptions> = {}): SuiteClient {
  let client: KafkaClient | undefined
  let admin: AdminPort | undefined
  beforeAll(() => {
    client = createKafkaClient({ bootstrapServers: [target.bootstrapServers()], clientId: 'contract', ...options })
    admin = client.admin()
  })
  afterAll(async () => {
    await client?.close()
  })
  return {
    get client() {
      if (client === undefined) throw new Error('The client is open only while tests run')
      return client
    },
    get admin() {
      if (admin === undefined) throw new Error('The client is open only while tests run')
      return admin
    },
    async topic(partitions, configs) {
      const name = unique('topic')
      const created = await this.admin.createTopics([
        { name, partitions, replicationFactor: 1, configs: configs ?? {} },
      ])
      const error = created.get(name)
      if (error !== null) throw error ?? new Error(`Nothing was answered about topic ${name}`)
      return name
    },
  }
}
