import type { ApiName, Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'

/** What a handler knows of the request besides its body. */
export interface Call {
  readonly version: number
  readonly clientId: string
  /** The address of the client, as DescribeGroups shows it: `/127.0.0.1`. */
  readonly clientHost: string
  /** Calls back when the answer has been written or will never be: what it points to may be used again. */
  afterAnswer(callback: () => void): void
  /** Calls back when the client has gone, until the returned function is called. */
  onClosed(callback: () => void): () => void
}

/** The body of an answer; null where the client wants none; 'close' where Kafka ends the connection instead. */
export type Answer<N extends ApiName> = Messages[N]['responseInput'] | null | 'close'

/**
 * Answers one kind of request. Requests of a connection are handled one after the other; those of different
 * connections meet at each `await` only. The body and the bytes in it are valid until the answer is given: what is kept
 * longer is copied.
 */
export type Handler<N extends ApiName> = (
  broker: Broker,
  request: Messages[N]['request'],
  call: Call,
) => Answer<N> | Promise<Answer<N>>
