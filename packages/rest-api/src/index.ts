export { createRestClient, RestError } from './client.ts'
export type { RestClient } from './client.ts'
export { pathOf, routes } from './routes.ts'
export type { Method, Operation, Route } from './routes.ts'
export { schemas } from './shapes.ts'
export type {
  ConfigInfos,
  ConnectorConfig,
  ConnectorInfo,
  ConnectorState,
  ConnectorStateInfo,
  ConnectorTaskId,
  ConnectorType,
  CreateConnectorRequest,
  ErrorMessage,
  ExpandedConnectors,
  InitialState,
  InstanceState,
  PluginInfo,
  PluginType,
  ServerInfo,
  ShapeName,
  TaskInfo,
  TaskState,
  WorkerStatus,
} from './shapes.ts'
