// The `listeners` of the worker file, and the address under which others know this worker (connect-surface §1.1).
import { ConfigError } from '@sluice/api'

export interface Listener {
  readonly protocol: 'http'
  /** Empty: every interface, as Connect reads `http://:8083`. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

const listenerPattern = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/

function refuse(message: string, suggestion: string): ConfigError {
  return new ConfigError(message, [{ key: 'listeners', message, suggestion }])
}

/** One entry of `listeners`. Throws a ConfigError with Connect's text where it has one. */
export function parseListener(text: string): Listener {
  const match = listenerPattern.exec(text)
  if (!match) {
    throw refuse(
      "Listener doesn't have the right format (protocol://hostname:port).",
      'Write it as http://127.0.0.1:8083.',
    )
  }
  const protocol = (match[1] ?? '').toLowerCase()
  if (protocol === 'https') {
    throw refuse(
      `The listener ${text} asks for TLS, which this version cannot serve yet.`,
      'Use http:// and a proxy in front that ends TLS.',
    )
  }
  if (protocol !== 'http')
    throw refuse('Listener protocol must be either "http" or "https".', 'Write it as http://127.0.0.1:8083.')
  return { protocol, host: match[2] ?? '', port: Math.max(0, Number(match[3])) }
}
