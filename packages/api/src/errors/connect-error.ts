import type { ErrorCode } from './error-codes.ts'

/** What the engine does with an error: see the four classes below. */
type ErrorKind = 'connect' | 'retriable' | 'data' | 'config'

/**
 * The brand of our errors. Registered, because a plugin may bring its own copy of this package: `instanceof` would
 * not know that copy's errors, `isRetriable` and the like do.
 */
const brand: unique symbol = Symbol.for('sluice.error')

/** What an error may carry besides its message. */
export interface ConnectErrorOptions {
  /** The error underneath, if any. */
  readonly cause?: unknown
  /** The entry of the catalogue; each class has its own default. */
  readonly code?: ErrorCode
}

/**
 * The base, and everything that is not one of the three below: the task fails, its status shows the trace.
 * In a converter, transform or predicate `errors.tolerance` applies to it, as to every error there.
 */
export class ConnectError extends Error {
  readonly code: ErrorCode
  constructor(message: string, options: ConnectErrorOptions = {}) {
    // An absent cause must stay absent: `cause: undefined` would be printed.
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code ?? 'CONNECT_ERROR'
  }
}

/** The same call may succeed later: it is made again, with the same records. Never used for a record that is bad. */
export class RetriableError extends ConnectError {
  constructor(message: string, options: ConnectErrorOptions = {}) {
    super(message, { ...options, code: options.code ?? 'RETRIABLE' })
  }
}

/** This record is bad and will stay so: `errors.tolerance` decides whether the task fails or the record is set aside. */
export class DataError extends ConnectError {
  constructor(message: string, options: ConnectErrorOptions = {}) {
    super(message, { ...options, code: options.code ?? 'DATA_INVALID' })
  }
}

/** One thing that is wrong in a config. The message never contains the value of a secret. */
export interface ConfigIssue {
  readonly key: string
  readonly message: string
  /** A way out, when one is known. */
  readonly suggestion?: string
}

/** The person who wrote the config can fix it; `issues` names each key. */
export class ConfigError extends ConnectError {
  readonly issues: readonly ConfigIssue[]
  constructor(message: string, issues: readonly ConfigIssue[] = [], options: ConnectErrorOptions = {}) {
    super(message, { ...options, code: options.code ?? 'CONNECT_CONFIG_INVALID' })
    this.issues = issues
  }
}

// Name and brand hang on the prototypes: they survive a minifier, and an error object carries only what is its own.
const named: readonly (readonly [ErrorKind, string, typeof ConnectError | typeof ConfigError])[] = [
  ['connect', 'ConnectError', ConnectError],
  ['retriable', 'RetriableError', RetriableError],
  ['data', 'DataError', DataError],
  ['config', 'ConfigError', ConfigError],
]
for (const [kind, name, { prototype }] of named) {
  Object.defineProperty(prototype, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(prototype, brand, { value: kind })
}

function kindOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { [brand]?: unknown })[brand] : undefined
}

/** True for every error of ours, whichever copy of this package made it. */
export function isConnectError(error: unknown): error is ConnectError {
  return kindOf(error) !== undefined
}

/** True when the same call may succeed later. */
export function isRetriable(error: unknown): error is RetriableError {
  return kindOf(error) === 'retriable'
}

/** True when the fault is in the record. */
export function isDataError(error: unknown): error is DataError {
  return kindOf(error) === 'data'
}

/** True when the fault is in a config. */
export function isConfigError(error: unknown): error is ConfigError {
  return kindOf(error) === 'config'
}
