// The typed client of the REST API: used by the command line and, in a browser, by the console.
import { ConnectError } from '@sluice/api'
import { pathOf, routes, type Operation } from './routes.ts'
import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorStateInfo,
  CreateConnectorRequest,
  ErrorMessage,
  ExpandedConnectors,
  PluginInfo,
  ServerInfo,
  TaskInfo,
  TaskState,
} from './shapes.ts'

export interface RestClient {
  /** Where this client asks, for messages to people. */
  readonly url: string
  serverInfo(): Promise<ServerInfo>
  listConnectors(): Promise<readonly string[]>
  expandConnectors(): Promise<ExpandedConnectors>
  createConnector(request: CreateConnectorRequest): Promise<ConnectorInfo>
  getConnector(connector: string): Promise<ConnectorInfo>
  deleteConnector(connector: string): Promise<void>
  getConnectorConfig(connector: string): Promise<ConnectorConfig>
  /** `created` tells a new connector from a replaced config (201 from 200). */
  putConnectorConfig(connector: string, config: ConnectorConfig): Promise<{ created: boolean; info: ConnectorInfo }>
  connectorStatus(connector: string): Promise<ConnectorStateInfo>
  taskConfigs(connector: string): Promise<readonly TaskInfo[]>
  taskStatus(connector: string, task: number): Promise<TaskState>
  connectorPlugins(connectorsOnly?: boolean): Promise<readonly PluginInfo[]>
}

/** An answer of the worker that is not a success. `status` is the HTTP status, `message` the worker's own. */
export class RestError extends ConnectError {
  readonly status: number
  readonly body: ErrorMessage | null
  constructor(status: number, body: ErrorMessage | null, request: string) {
    super(body?.message ?? `${request} was answered with HTTP ${status}`, { code: 'REST_REQUEST_REFUSED' })
    this.status = status
    this.body = body
  }
}

interface Call {
  readonly parameters?: Readonly<Record<string, string | number>>
  readonly query?: string
  readonly body?: unknown
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

function errorMessage(text: string): ErrorMessage | null {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'error_code' in body ? (body as ErrorMessage) : null
  } catch {
    return null
  }
}

function parse(text: string, request: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConnectError(`${request}: something answered, but not a worker. Name the worker's address with --url.`, {
      cause,
      code: 'WORKER_UNREACHABLE',
    })
  }
}

async function send(url: string, operation: Operation, call: Call): Promise<Answer> {
  const { method } = routes[operation]
  const target = `${url}${pathOf(operation, call.parameters)}${call.query ?? ''}`
  const request = `${method} ${target}`
  let response: Response
  try {
    response = await fetch(target, {
      method,
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    })
  } catch (cause) {
    throw new ConnectError(`${request}: no worker answered. Start one with "sluice dev", or name another with --url.`, {
      cause,
      code: 'WORKER_UNREACHABLE',
    })
  }
  const text = await response.text()
  if (!response.ok) throw new RestError(response.status, errorMessage(text), request)
  return { status: response.status, body: text === '' ? null : parse(text, request) }
}

/** `url`: of the worker, with or without a final slash, for example `http://127.0.0.1:8083`. */
export function createRestClient(url: string): RestClient {
  const base = url.replace(/\/+$/, '')
  // The worker's answers are trusted to have the shape that the route declares.
  const get = async <T>(operation: Operation, call: Call = {}): Promise<T> =>
    (await send(base, operation, call)).body as T
  return {
    url: base,
    serverInfo: () => get('serverInfo'),
    listConnectors: () => get('listConnectors'),
    expandConnectors: () => get('listConnectors', { query: '?expand=status&expand=info' }),
    createConnector: (request) => get('createConnector', { body: request }),
    getConnector: (connector) => get('getConnector', { parameters: { connector } }),
    deleteConnector: (connector) => get('deleteConnector', { parameters: { connector } }),
    getConnectorConfig: (connector) => get('getConnectorConfig', { parameters: { connector } }),
    putConnectorConfig: async (connector, config) => {
      const answer = await send(base, 'putConnectorConfig', { parameters: { connector }, body: config })
      return { created: answer.status === 201, info: answer.body as ConnectorInfo }
    },
    connectorStatus: (connector) => get('connectorStatus', { parameters: { connector } }),
    taskConfigs: (connector) => get('taskConfigs', { parameters: { connector } }),
    taskStatus: (connector, task) => get('taskStatus', { parameters: { connector, task } }),
    connectorPlugins: (connectorsOnly = true) =>
      get('connectorPlugins', { query: `?connectorsOnly=${connectorsOnly}` }),
  }
}
