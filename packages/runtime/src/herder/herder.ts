import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorStateInfo,
  InitialState,
  PluginInfo,
  ServerInfo,
  TaskInfo,
  TaskState,
  WorkerStatus,
} from '@sluice/rest-api'

/** A connector to create. `initialState` left out: it runs. */
export interface NewConnector {
  readonly name: string
  readonly config: ConnectorConfig
  readonly initialState?: InitialState | null | undefined
}

/** What a PUT of a config did. */
export interface ConfigUpdate {
  readonly created: boolean
  readonly info: ConnectorInfo
}

/**
 * What the REST server and the command line ask of a worker, whichever its mode. Bodies are Connect's own.
 *
 * Reads answer from memory and never wait for connector code (I4). Changes of one connector happen one after the
 * other and wait for no other connector. Every refusal is a ConnectError whose code says what it means
 * (`CONNECT_CONNECTOR_NOT_FOUND`, `CONNECT_CONNECTOR_EXISTS`, `CONNECT_CONFIG_INVALID`, …), never a status code.
 */
export interface Herder {
  serverInfo(): Promise<ServerInfo>
  /** `starting` until the worker's own connectors have been taken in. */
  health(): Promise<WorkerStatus>
  connectors(): Promise<readonly string[]>
  connectorInfo(name: string): Promise<ConnectorInfo>
  connectorConfig(name: string): Promise<ConnectorConfig>
  /** Validates, stores and starts a connector. Its name is trimmed and added to the config. */
  createConnector(connector: NewConnector): Promise<ConnectorInfo>
  /** Creates the connector, or replaces its whole config and restarts it; no other connector's task is touched (I11). */
  putConnectorConfig(name: string, config: ConnectorConfig): Promise<ConfigUpdate>
  /** Resolves when the connector and its tasks have stopped. Its offsets stay. */
  deleteConnector(name: string): Promise<void>
  connectorStatus(name: string): Promise<ConnectorStateInfo>
  taskStatus(name: string, task: number): Promise<TaskState>
  taskConfigs(name: string): Promise<readonly TaskInfo[]>
  connectorPlugins(connectorsOnly: boolean): Promise<readonly PluginInfo[]>
}
