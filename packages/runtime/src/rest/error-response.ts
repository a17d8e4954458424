// What a thrown error looks like to a REST client: a look-up in the error catalogue, in Connect's body (connect-surface §1.2).
import { errorCodes, isConfigError, isConnectError } from '@sluice/api'
import type { ErrorMessage } from '@sluice/rest-api'

export interface ErrorResponse {
  readonly status: number
  readonly body: ErrorMessage
}

/** Connect's `error_code` and `message`; ours adds the code and, of a config error, the first key and its way out. */
export function errorResponse(error: unknown): ErrorResponse {
  const message = error instanceof Error ? error.message : String(error)
  if (!isConnectError(error)) return { status: 500, body: { error_code: 500, message } }
  const { status } = errorCodes[error.code]
  const issue = isConfigError(error) ? error.issues[0] : undefined
  return {
    status,
    body: {
      error_code: status,
      message,
      code: error.code,
      ...(issue ? { config_key: issue.key } : {}),
      ...(issue?.suggestion ? { suggestion: issue.suggestion } : {}),
    },
  }
}
