import { ConnectError } from '@sluice/api'
import { authorizationErrors, errorCode, fencedErrors, invalidMetadataErrors, retriableErrors } from './error-codes.ts'
import type { ErrorName } from './error-codes.ts'

const nameByCode: ReadonlyMap<number, ErrorName> = new Map(
  (Object.keys(errorCode) as ErrorName[]).map((name) => [errorCode[name], name]),
)

const unreachable: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
])

/**
 * A failure in Kafka's terms: an error code that a broker answered, or one that the client gives for a failure of its
 * own (a timeout is REQUEST_TIMED_OUT, a lost connection NETWORK_EXCEPTION). To the engine it is a RetriableError when
 * Kafka calls the code retriable, else a ConnectError. `code` is the entry of our own catalogue.
 */
export class KafkaError extends ConnectError {
  /** Kafka's name of the code. */
  readonly errorName: ErrorName

  constructor(errorName: ErrorName, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause, code: unreachable.has(errorName) ? 'KAFKA_UNREACHABLE' : 'KAFKA_REFUSED' })
    this.errorName = errorName
  }

  /** The code on the wire. That of UNKNOWN_SERVER_ERROR stands for codes that this client does not know. */
  get errorCode(): number {
    return errorCode[this.errorName]
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

// What isRetriable() of the API looks at: the class cannot tell, the code does.
Object.defineProperty(KafkaError.prototype, Symbol.for('sluice.error'), {
  get(this: KafkaError) {
    return this.retriable ? 'retriable' : 'connect'
  },
})
Object.defineProperty(KafkaError.prototype, 'name', { value: 'KafkaError', configurable: true, writable: true })

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
