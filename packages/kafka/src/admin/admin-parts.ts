import type { ClientSettings } from '../client-settings.ts'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionPool } from '../connection/connection-pool.ts'
import { withRetries } from '../connection/with-retries.ts'
import type { RetryBounds } from '../connection/with-retries.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode } from '../errors/kafka-error.ts'
import type { KafkaError } from '../errors/kafka-error.ts'
import { Coordinator } from '../group/coordinator.ts'
import type { Metadata } from '../metadata/metadata.ts'

/** What the operations of the admin port work with. */
export interface AdminParts {
  readonly settings: ClientSettings
  readonly metadata: Metadata
  readonly pool: ConnectionPool
  readonly signal: AbortSignal
}

/** The name under which admin requests have their connections. */
export const adminPurpose = 'admin'

/** How long an operation is tried again. That it has to be goes to the log: whoever waits for it wonders why. */
export function retryBounds({ settings, signal }: AdminParts, doing: string): RetryBounds {
  const onFirstFailure = (error: KafkaError): void =>
    settings.log.warn(`${doing} does not succeed now; trying again`, { error: error.message })
  return { timeoutMs: settings.apiTimeoutMs, backoff: settings.retry, signal, onFirstFailure }
}

/** Does something on any broker, and again while it fails retriably, up to `apiTimeoutMs`. */
export async function onAnyBroker<T>(
  parts: AdminParts,
  doing: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { metadata, pool } = parts
  return await withRetries(doing, retryBounds(parts, doing), () =>
    metadata.anyBroker(work, { pool, purpose: adminPurpose }),
  )
}

/** The coordinator of a group, over the connections of the admin port. */
export function coordinatorOf(parts: AdminParts, groupId: string): Coordinator {
  return new Coordinator(groupId, parts)
}

/** The error of a result, or null where it went well. */
export function resultOf(code: number, doing: string, message?: string | null): KafkaError | null {
  return code === errorCode.NONE ? null : errorFromCode(code, doing, message)
}
