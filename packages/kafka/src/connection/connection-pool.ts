import { KafkaError } from '../errors/kafka-error.ts'
import { backoffMs } from './backoff.ts'
import type { BackoffBounds } from './backoff.ts'
import { formatAddress } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'
import { Connection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { delay } from './delay.ts'

interface Slot {
  connection: Connection | null
  opening: Promise<Connection> | null
  failures: number
  /** Not to be tried before this, by the monotonic clock. */
  notBeforeMs: number
}

/**
 * The connections of one port: at most one for each broker and purpose, opened when first asked for. A broker that
 * cannot be reached is tried again only after a back-off, whoever asks.
 */
export class ConnectionPool {
  readonly #options: ConnectionOptions
  readonly #backoff: BackoffBounds
  readonly #slots = new Map<string, Slot>()
  readonly #closing = new AbortController()

  constructor(options: ConnectionOptions, backoff: BackoffBounds) {
    this.#options = options
    this.#backoff = backoff
  }

  /** The open connection, if there is one. */
  current(address: BrokerAddress, purpose: string): Connection | null {
    const connection = this.#slots.get(slotKey(address, purpose))?.connection
    return connection?.isOpen === true ? connection : null
  }

  /** The open connection, or a new one; waits out the back-off first. Fails as `Connection.open` does. */
  async get(address: BrokerAddress, purpose: string): Promise<Connection> {
    const open = this.current(address, purpose)
    if (open !== null) return open
    const key = slotKey(address, purpose)
    const slot = this.#slots.get(key) ?? { connection: null, opening: null, failures: 0, notBeforeMs: 0 }
    this.#slots.set(key, slot)
    slot.opening ??= this.#open(address, slot).finally(() => {
      slot.opening = null
    })
    return await slot.opening
  }

  /** How long until the broker may be tried again; 0 when it may be now. */
  backoffLeftMs(address: BrokerAddress, purpose: string): number {
    const slot = this.#slots.get(slotKey(address, purpose))
    return slot === undefined ? 0 : Math.max(0, slot.notBeforeMs - performance.now())
  }

  /** Ends every connection; whoever waits for one fails. */
  close(): void {
    this.#closing.abort()
    for (const slot of this.#slots.values()) slot.connection?.close()
    this.#slots.clear()
  }

  async #open(address: BrokerAddress, slot: Slot): Promise<Connection> {
    const left = slot.notBeforeMs - performance.now()
    if (left > 0) await delay(left, this.#closing.signal)
    this.#failWhenClosed(address)
    try {
      const connection = await Connection.open(address, this.#options)
      if (this.#closing.signal.aborted) connection.close()
      this.#failWhenClosed(address)
      slot.failures = 0
      slot.notBeforeMs = 0
      slot.connection = connection
      // A broker that takes connections and drops them is not to be called in a tight loop.
      connection.onClose(() => this.#backOff(slot))
      return connection
    } catch (error) {
      this.#backOff(slot)
      throw error
    }
  }

  #backOff(slot: Slot): void {
    slot.failures++
    slot.notBeforeMs = performance.now() + backoffMs(slot.failures, this.#backoff)
  }

  #failWhenClosed(address: BrokerAddress): void {
    if (!this.#closing.signal.aborted) return
    throw new KafkaError('NETWORK_EXCEPTION', `Connecting to broker ${formatAddress(address)}: the client was closed`)
  }
}

function slotKey(address: BrokerAddress, purpose: string): string {
  return `${purpose} ${formatAddress(address)}`
}
