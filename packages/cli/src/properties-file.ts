// Reads the files that Connect's own scripts take: worker properties, and connectors as properties or JSON (KIP-980).
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { getProperties } from 'properties-file'
import { ConfigError, ConnectError, type Props } from '@sluice/api'

export interface ConnectorFile {
  readonly name: string
  readonly config: Props
  readonly initialState: 'RUNNING' | 'PAUSED' | 'STOPPED' | null
}

function refuse(path: string, found: string, suggestion: string): ConfigError {
  const message = `Reading ${path}: ${found}`
  return new ConfigError(message, [{ key: path, message: found, suggestion }])
}

/** UTF-8 where the bytes are that; else ISO-8859-1, as which Java reads every properties file. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

async function readText(path: string): Promise<string> {
  try {
    return decode(await readFile(path))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const found = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(cause)
    throw new ConnectError(`Reading ${path}: ${found}.`, { cause, code: 'FILE_UNREADABLE' })
  }
}

/** A Java .properties file, by the rules of java.util.Properties. */
export async function readProperties(path: string): Promise<Props> {
  const text = await readText(path)
  const broken = /^(?![ \t\f]*[#!]).*\\u(?![0-9a-fA-F]{4})/m.exec(text)
  if (broken) {
    const line = text.slice(0, broken.index).split('\n').length
    throw refuse(
      path,
      `line ${line}: malformed \\uxxxx encoding.`,
      'Write four hexadecimal digits after \\u, or double the backslash.',
    )
  }
  return getProperties(text)
}

function configOf(path: string, value: unknown): Props {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(path, 'the config is no JSON object.', 'Write {"name": …, "config": {…}} or one flat object of texts.')
  }
  const entries = Object.entries(value).map(([key, item]): [string, string | null] => {
    if (item !== null && typeof item === 'object') {
      throw refuse(path, `the value of "${key}" is nested.`, 'A config holds text only.')
    }
    return [key, item === null ? null : String(item)]
  })
  return Object.fromEntries(entries)
}

function initialStateOf(path: string, value: unknown): ConnectorFile['initialState'] {
  if (value === undefined || value === null) return null
  const state = String(value).toUpperCase()
  if (state === 'RUNNING' || state === 'PAUSED' || state === 'STOPPED') return state
  throw refuse(path, `initial_state is ${String(value)}.`, 'It is one of RUNNING, PAUSED, STOPPED.')
}

function parseJson(path: string, text: string): unknown {
  try {
    // A number keeps the text it was written with: 1.0 stays "1.0".
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? (context?.source ?? String(value)) : value,
    )
  } catch (cause) {
    throw refuse(
      path,
      `it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Check the commas and quotes there.',
    )
  }
}

function fromJson(path: string, text: string): ConnectorFile {
  const value = parseJson(path, text)
  const request = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const isRequest = 'config' in request && typeof request['config'] === 'object'
  const config = configOf(path, isRequest ? request['config'] : value)
  const name = isRequest ? request['name'] : config['name']
  return named(path, name, { config, initialState: isRequest ? initialStateOf(path, request['initial_state']) : null })
}

function named(path: string, name: unknown, file: Omit<ConnectorFile, 'name'>): ConnectorFile {
  const own = file.config['name']
  const text = name ?? own
  if (typeof text !== 'string' || text === '') {
    throw refuse(path, 'the connector has no name.', 'Add the key "name".')
  }
  if (own !== undefined && own !== null && own !== text) {
    throw refuse(
      path,
      `"name" is ${text}, but the config's own name is ${own}.`,
      'Give both the same name, or leave one out.',
    )
  }
  return { name: text, config: { ...file.config, name: text }, initialState: file.initialState }
}

/** `*.json` is a flat object of texts or `{"name", "config"[, "initial_state"]}`; everything else is properties. */
export async function readConnectorFile(path: string): Promise<ConnectorFile> {
  if (extname(path) === '.json') return fromJson(path, await readText(path))
  const config = await readProperties(path)
  return named(path, config['name'], { config, initialState: null })
}
