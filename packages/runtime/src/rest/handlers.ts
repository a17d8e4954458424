// What each operation of the route table does: reads the request, asks the herder, shapes the answer.
import { ConnectError, isConnectError } from '@sluice/api'
import { pathOf, routes, type ConnectorInfo, type ExpandedConnectors, type Operation } from '@sluice/rest-api'
import type { Herder } from '../herder/herder.ts'
import { readConfig, readCreateRequest } from './request-body.ts'

export interface Request {
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The Host header, for the absolute Location. */
  readonly host: string
  readonly body: Buffer | undefined
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Handler = (herder: Herder, request: Request) => Promise<Answer>

function parameter(request: Request, name: string): string {
  return request.parameters[name] ?? ''
}

function created(request: Request, info: ConnectorInfo): Answer {
  const location = `http://${request.host}${pathOf('getConnector', { connector: info.name })}`
  return { status: routes.createConnector.status, body: info, headers: { location } }
}

/** A task id that is no integer addresses nothing: Connect answers 404, not 400. */
function taskId(request: Request): number {
  const text = parameter(request, 'task')
  if (!/^[+-]?\d+$/.test(text)) throw new ConnectError('HTTP 404 Not Found', { code: 'REST_PATH_NOT_FOUND' })
  return Number(text)
}

/** Any `expand`, known or not, makes the answer an object; a connector without status is left out of its status. */
async function expand(herder: Herder, expansions: readonly string[]): Promise<ExpandedConnectors> {
  const expanded: Record<string, ExpandedConnectors[string]> = {}
  for (const name of await herder.connectors()) {
    try {
      expanded[name] = {
        ...(expansions.includes('status') ? { status: await herder.connectorStatus(name) } : {}),
        ...(expansions.includes('info') ? { info: await herder.connectorInfo(name) } : {}),
      }
    } catch (error) {
      if (!isConnectError(error)) throw error
    }
  }
  return expanded
}

/** `connectorsOnly`: absent or empty is true, any other text than `true` is false. */
function connectorsOnly(request: Request): boolean {
  const text = request.query.get('connectorsOnly')
  return text === null || text === '' || text.toLowerCase() === 'true'
}

/** The config's own name, where it has one, must be the connector's; where it has none it is added (connect-surface §1.5). */
function named(name: string, config: ConnectorInfo['config']): ConnectorInfo['config'] {
  const own = config['name']
  if (own !== undefined && own !== null && own !== name) {
    throw new ConnectError(`Connector name configuration (${own}) doesn't match connector name in the URL (${name})`, {
      code: 'CONNECT_REQUEST_INVALID',
    })
  }
  return own === name ? config : { ...config, name }
}

export const handlers: Readonly<Record<Operation, Handler>> = {
  serverInfo: async (herder) => ({ status: 200, body: await herder.serverInfo() }),
  health: async (herder) => {
    const health = await herder.health()
    return { status: { healthy: 200, starting: 503, unhealthy: 500 }[health.status], body: health }
  },
  listConnectors: async (herder, request) => {
    const expansions = request.query.getAll('expand')
    return { status: 200, body: expansions.length > 0 ? await expand(herder, expansions) : await herder.connectors() }
  },
  createConnector: async (herder, request) => {
    const { name, config, initialState } = readCreateRequest(request.body)
    return created(request, await herder.createConnector({ name, config: named(name, config), initialState }))
  },
  getConnector: async (herder, request) => ({
    status: 200,
    body: await herder.connectorInfo(parameter(request, 'connector')),
  }),
  deleteConnector: async (herder, request) => {
    await herder.deleteConnector(parameter(request, 'connector'))
    return { status: 204 }
  },
  getConnectorConfig: async (herder, request) => ({
    status: 200,
    body: await herder.connectorConfig(parameter(request, 'connector')),
  }),
  putConnectorConfig: async (herder, request) => {
    const name = parameter(request, 'connector')
    const result = await herder.putConnectorConfig(name, named(name, readConfig(request.body)))
    return result.created ? created(request, result.info) : { status: 200, body: result.info }
  },
  connectorStatus: async (herder, request) => ({
    status: 200,
    body: await herder.connectorStatus(parameter(request, 'connector')),
  }),
  taskConfigs: async (herder, request) => ({
    status: 200,
    body: await herder.taskConfigs(parameter(request, 'connector')),
  }),
  taskStatus: async (herder, request) => ({
    status: 200,
    body: await herder.taskStatus(parameter(request, 'connector'), taskId(request)),
  }),
  connectorPlugins: async (herder, request) => ({
    status: 200,
    body: await herder.connectorPlugins(connectorsOnly(request)),
  }),
}
