// Reads the JSON bodies as Connect does: numbers and booleans in a config become their text as it was written, null
// stays null, nested values and unknown properties are refused (connect-surface §1.1, §1.5).
import { ConnectError } from '@sluice/api'
import type { ConnectorConfig, InitialState } from '@sluice/rest-api'

/** The text of a JSON number as the client wrote it, so that nothing is rounded (1.0 stays `1.0`). */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

// Connect answers 500 for a body that it cannot read, not 400.
function refuse(message: string, cause?: unknown): ConnectError {
  return new ConnectError(message, { code: 'REST_BODY_UNREADABLE', cause })
}

function parse(body: Buffer | undefined, wanted: string): Record<string, unknown> {
  if (body === undefined || body.length === 0) {
    throw refuse(`The request has no body: ${wanted} was expected.`)
  }
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'), (_key, parsed: unknown, context?: { source?: string }) =>
      typeof parsed === 'number' ? new NumberText(context?.source ?? String(parsed)) : parsed,
    )
  } catch (cause) {
    throw refuse(`The request body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberText) {
    throw refuse(`The request body is no JSON object: ${wanted} was expected.`)
  }
  return value as Record<string, unknown>
}

function configText(key: string, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (value instanceof NumberText) return value.text
  throw refuse(`The value of "${key}" is ${Array.isArray(value) ? 'an array' : 'an object'}: a config holds text only.`)
}

function configOf(value: object): ConnectorConfig {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, configText(key, item)]))
}

/** The body of PUT /connectors/{connector}/config. */
export function readConfig(body: Buffer | undefined): ConnectorConfig {
  return configOf(parse(body, 'a connector config'))
}

const initialStates: readonly string[] = ['RUNNING', 'PAUSED', 'STOPPED'] satisfies readonly InitialState[]

function initialStateOf(value: unknown): InitialState | null {
  if (value === undefined || value === null) return null
  const state = typeof value === 'string' ? value.toUpperCase() : ''
  if (!initialStates.includes(state)) throw refuse(`initial_state is none of ${initialStates.join(', ')}.`)
  return state as InitialState
}

/** The body of POST /connectors: the name trimmed, null as the empty name, which validation then refuses. */
export function readCreateRequest(body: Buffer | undefined): {
  readonly name: string
  readonly config: ConnectorConfig
  readonly initialState: InitialState | null
} {
  const request = parse(body, 'an object with "name" and "config"')
  for (const key of Object.keys(request)) {
    if (!['name', 'config', 'initial_state'].includes(key)) {
      throw refuse(`Unrecognized field "${key}": known are "name", "config" and "initial_state".`)
    }
  }
  const { name, config } = request
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw refuse('"config" is no JSON object.')
  }
  const nameText = name === undefined || name === null ? '' : configText('name', name)
  return {
    name: (nameText ?? '').trim(),
    config: configOf(config),
    initialState: initialStateOf(request['initial_state']),
  }
}
