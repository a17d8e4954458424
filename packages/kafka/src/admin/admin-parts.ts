import type { ClientSettings } from '../client-settings.ts'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionPool } from '../connection/connection-pool.ts'
import { withRetries } from '../connection/with-retries.ts'
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

/** Does something on any broker, and again while it fails retriably, up to `apiTimeoutMs`. */
export async function onAnyBroker<T>(
  parts: AdminParts,
  doing: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { settings, signal, metadata, pool } = parts
  const bounds = { timeoutMs: settings.apiTimeoutMs, backoff: settings.retry, signal }
  return await withRetries(doing, bounds, () => metadata.anyBroker(work, { pool, purpose: adminPurpose }))
}

/** The coordinator of a group, over the connections of the admin port. */
export function coordinatorOf(parts: AdminParts, groupId: string): Coordinator {
  return new Coordinator(groupId, parts)
}

/** The error of a result, or null where it went well. */
export function resultOf(code: number, doing: string, message?: string | null): KafkaError | null {
  return code === errorCode.NONE ? null : errorFromCode(code, doing, message)
}
