import type { ClientSettings } from '../client-settings.ts'
import type { BrokerAddress } from '../connection/broker-address.ts'
import type { CallOptions, Connection } from '../connection/connection.ts'
import type { ConnectionPool } from '../connection/connection-pool.ts'
import { withRetries } from '../connection/with-retries.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { ApiName, Messages } from '../protocol/api-table.ts'

/** What a coordinator is reached through. */
export interface CoordinatorParts {
  readonly metadata: Metadata
  readonly pool: ConnectionPool
  readonly settings: ClientSettings
  readonly signal: AbortSignal
}

/** How a call to the coordinator differs from others. */
export interface CoordinatorCall extends CallOptions {
  /** Calls of one purpose share a connection, and wait for each other. */
  readonly purpose: string
}

/** The coordinator of one group: found when needed, and found again when it has moved or cannot be reached. */
export class Coordinator {
  readonly groupId: string
  readonly #parts: CoordinatorParts
  #address: BrokerAddress | null = null

  constructor(groupId: string, parts: CoordinatorParts) {
    this.groupId = groupId
    this.#parts = parts
  }

  /** Makes the next call look for the coordinator. */
  forget(): void {
    this.#address = null
  }

  /** Forgets the coordinator if the error says that it is no longer the one; returns the error. */
  noteError(error: KafkaError): KafkaError {
    if (coordinatorErrors.has(error.errorName)) this.forget()
    return error
  }

  /**
   * One attempt at a call. Error codes inside the response are the caller's to read (`noteError`).
   * @throws KafkaError when the coordinator cannot be found or reached
   */
  async call<N extends ApiName>(
    name: N,
    body: Messages[N]['requestInput'],
    options: CoordinatorCall,
  ): Promise<Messages[N]['response']> {
    return await this.#connected(options.purpose, (connection) => connection.call(name, body, options))
  }

  /** The version in which `call` will send that request now. */
  async versionOf(name: ApiName, purpose: string): Promise<number> {
    return await this.#connected(purpose, async (connection) => connection.versionOf(name))
  }

  async #connected<T>(purpose: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      this.#address ??= await this.#find()
      return await work(await this.#parts.pool.get(this.#address, purpose))
    } catch (error) {
      throw error instanceof KafkaError ? this.noteError(error) : error
    }
  }

  /** Repeats an attempt, which uses `call`, while it fails retriably, up to `apiTimeoutMs`. */
  async retrying<T>(doing: string, attempt: () => Promise<T>): Promise<T> {
    const { settings, signal } = this.#parts
    return await withRetries(doing, { timeoutMs: settings.apiTimeoutMs, backoff: settings.retry, signal }, attempt)
  }

  async #find(): Promise<BrokerAddress> {
    const doing = `Finding the coordinator of group ${this.groupId}`
    return await this.#parts.metadata.anyBroker(async (connection) => {
      const isBatched = connection.versionOf('FindCoordinator') >= 4
      const answer = await connection.call(
        'FindCoordinator',
        isBatched ? { keyType: 0, coordinatorKeys: [this.groupId] } : { key: this.groupId },
        { timeoutMs: this.#parts.metadata.answerTimeoutMs },
      )
      const found = isBatched ? answer.coordinators[0] : answer
      if (found === undefined) throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `${doing}: the answer is empty`)
      if (found.errorCode !== errorCode.NONE) throw errorFromCode(found.errorCode, doing, found.errorMessage)
      return { host: found.host, port: found.port }
    })
  }
}

const coordinatorErrors: ReadonlySet<string> = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
])
