import { authorizationErrors, errorCode, fencedErrors, invalidMetadataErrors, retriableErrors } from './error-codes.ts'
import type { ErrorName } from './error-codes.ts'

const nameByCode: ReadonlyMap<number, ErrorName> = new Map(
  (Object.keys(errorCode) as ErrorName[]).map((name) => [errorCode[name], name]),
)

/**
 * A failure in Kafka's terms: an error code that a broker answered, or one that the client gives for a failure of its
 * own (a timeout is REQUEST_TIMED_OUT, a lost connection NETWORK_EXCEPTION).
 */
export class KafkaError extends Error {
  override readonly name: string = 'KafkaError'
  /** The code on the wire; that of UNKNOWN_SERVER_ERROR stands for codes that this client does not know. */
  readonly code: number
  readonly errorName: ErrorName

  constructor(errorName: ErrorName, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = errorCode[errorName]
    this.errorName = errorName
  }

  /** The same request may succeed later. */
  get retriable(): boolean {
    return retriableErrors.has(this.errorName)
  }

  /** What the client knows about the cluster is out of date; ask for metadata before the next attempt. */
  get invalidMetadata(): boolean {
    return invalidMetadataErrors.has(this.errorName)
  }

  /** Another instance has taken over; this one must stop. */
  get fenced(): boolean {
    return fencedErrors.has(this.errorName)
  }

  /** The user may not do this. */
  get authorization(): boolean {
    return authorizationErrors.has(this.errorName)
  }
}

/**
 * The error for a code that a broker answered. `doing` says what was being done to what. A code that this client does
 * not know becomes UNKNOWN_SERVER_ERROR with the number in its message.
 */
export function errorFromCode(code: number, doing: string, brokerMessage?: string | null): KafkaError {
  const known = nameByCode.get(code)
  const text = known === undefined ? `error code ${code}, which this client does not know` : `${known} (${code})`
  const details = brokerMessage === undefined || brokerMessage === null ? '' : `: ${brokerMessage}`
  return new KafkaError(known ?? 'UNKNOWN_SERVER_ERROR', `${doing}: the broker answered ${text}${details}`)
}

/** The name of an error code, or undefined when this client does not know it. */
export function errorNameOf(code: number): ErrorName | undefined {
  return nameByCode.get(code)
}
