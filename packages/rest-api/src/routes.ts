// Every route, declared once: the server registers them from here, the client calls them from here (connect-surface §1.4).
import type { ShapeName } from './shapes.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface Route {
  readonly method: Method
  /** `{name}` is a path parameter, as in OpenAPI. */
  readonly path: string
  readonly summary: string
  /** The status of success; PUT of a config answers 201 instead when it created the connector. */
  readonly status: number
  readonly request?: ShapeName
  readonly response?: ShapeName
  readonly query?: readonly string[]
}

export const routes = {
  serverInfo: {
    method: 'GET',
    path: '/',
    summary: 'Version and Kafka cluster of the worker.',
    status: 200,
    response: 'ServerInfo',
  },
  health: {
    method: 'GET',
    path: '/health',
    summary: 'Whether the worker has started and answers.',
    status: 200,
    response: 'WorkerStatus',
  },
  listConnectors: {
    method: 'GET',
    path: '/connectors',
    summary: 'Names of the connectors; with `expand=status` or `expand=info` an object by name.',
    status: 200,
    query: ['expand'],
    response: 'ConnectorNames',
  },
  createConnector: {
    method: 'POST',
    path: '/connectors',
    summary: 'Creates a connector.',
    status: 201,
    request: 'CreateConnectorRequest',
    response: 'ConnectorInfo',
  },
  getConnector: {
    method: 'GET',
    path: '/connectors/{connector}',
    summary: 'Config, tasks and type.',
    status: 200,
    response: 'ConnectorInfo',
  },
  deleteConnector: {
    method: 'DELETE',
    path: '/connectors/{connector}',
    summary: 'Stops and removes a connector. Its offsets stay.',
    status: 204,
  },
  getConnectorConfig: {
    method: 'GET',
    path: '/connectors/{connector}/config',
    summary: 'The config as it was submitted.',
    status: 200,
    response: 'ConnectorConfig',
  },
  putConnectorConfig: {
    method: 'PUT',
    path: '/connectors/{connector}/config',
    summary: 'Creates a connector or replaces its config.',
    status: 200,
    request: 'ConnectorConfig',
    response: 'ConnectorInfo',
  },
  connectorStatus: {
    method: 'GET',
    path: '/connectors/{connector}/status',
    summary: 'State of the connector and of each of its tasks.',
    status: 200,
    response: 'ConnectorStateInfo',
  },
  taskConfigs: {
    method: 'GET',
    path: '/connectors/{connector}/tasks',
    summary: 'The tasks and their configs.',
    status: 200,
    response: 'TaskInfos',
  },
  taskStatus: {
    method: 'GET',
    path: '/connectors/{connector}/tasks/{task}/status',
    summary: 'State of one task.',
    status: 200,
    response: 'TaskState',
  },
  connectorPlugins: {
    method: 'GET',
    path: '/connector-plugins',
    summary: 'The installed connectors; with `connectorsOnly=false` every plugin.',
    status: 200,
    query: ['connectorsOnly'],
    response: 'PluginInfos',
  },
} as const satisfies Record<string, Route>

export type Operation = keyof typeof routes

/** `/connectors/{connector}` with its parameters filled in, each percent-encoded. */
export function pathOf(operation: Operation, parameters: Readonly<Record<string, string | number>> = {}): string {
  return routes[operation].path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])))
}
