import { ConfigError, type ConfigIssue, ConnectError, DataError, isConfigError, isConnectError } from '@sluice/api'
import { isDataError, isRetriable, RetriableError } from '@sluice/api'

/** An error as plain data: structured clone alone would lose its class, its code and its issues. */
export interface ErrorData {
  readonly kind: 'connect' | 'retriable' | 'data' | 'config'
  readonly message: string
  readonly stack: string | null
  readonly code: ConnectError['code']
  readonly issues: readonly ConfigIssue[]
  readonly cause: ErrorData | null
}

const deepestCause = 8

export function errorToData(error: unknown, depth = 0): ErrorData {
  const cause = error instanceof Error ? error.cause : undefined
  return {
    kind: kindOf(error),
    message: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? (error.stack ?? null) : null,
    code: isConnectError(error) ? error.code : 'CONNECT_ERROR',
    issues: isConfigError(error) ? error.issues : [],
    cause: cause === undefined || depth >= deepestCause ? null : errorToData(cause, depth + 1),
  }
}

/** The error again, with the stack of where it was thrown; a foreign error becomes a ConnectError. */
export function errorFromData(data: ErrorData): ConnectError {
  const error = construct(data)
  if (data.stack !== null) error.stack = data.stack
  return error
}

function construct({ kind, message, code, issues, cause }: ErrorData): ConnectError {
  const options = { code, ...(cause === null ? {} : { cause: errorFromData(cause) }) }
  switch (kind) {
    case 'config':
      return new ConfigError(message, issues, options)
    case 'data':
      return new DataError(message, options)
    case 'retriable':
      return new RetriableError(message, options)
    case 'connect':
      return new ConnectError(message, options)
  }
}

function kindOf(error: unknown): ErrorData['kind'] {
  if (isConfigError(error)) return 'config'
  if (isDataError(error)) return 'data'
  return isRetriable(error) ? 'retriable' : 'connect'
}
