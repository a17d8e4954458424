// The bodies of Kafka Connect's REST API (connect-surface §1.5), each as a type and as a plain JSON Schema value.
// The order of the properties is the order in which Connect writes them.

import type { ConfigInfos } from '@sluice/api'

/** The answer to a validation; made by `configInfos` of @sluice/api. */
export type { ConfigInfos }

/** GET / */
export interface ServerInfo {
  readonly version: string
  readonly commit: string
  readonly kafka_cluster_id: string
}

/** GET /health (KIP-1017). */
export interface WorkerStatus {
  readonly status: 'healthy' | 'unhealthy' | 'starting'
  readonly message: string
}

export type ConnectorType = 'source' | 'sink' | 'unknown'

export interface ConnectorTaskId {
  readonly connector: string
  readonly task: number
}

/** What is stored under a name: null is a legal value of a config. */
export type ConnectorConfig = Readonly<Record<string, string | null>>

export interface ConnectorInfo {
  readonly name: string
  readonly config: ConnectorConfig
  readonly tasks: readonly ConnectorTaskId[]
  readonly type: ConnectorType
}

/** RUNNING and the others as Connect shows them; `trace` only where there is one. */
export type ConnectorState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'STOPPED'

export interface InstanceState {
  readonly state: ConnectorState
  readonly worker_id: string
  /** The plugin's version; null when the plugin could not be created (KIP-891). */
  readonly version: string | null
  readonly trace?: string
}

export interface TaskState extends InstanceState {
  readonly id: number
}

export interface ConnectorStateInfo {
  readonly name: string
  readonly connector: InstanceState
  readonly tasks: readonly TaskState[]
  readonly type: ConnectorType
}

/** One of GET /connectors/{connector}/tasks. */
export interface TaskInfo {
  readonly id: ConnectorTaskId
  readonly config: ConnectorConfig
}

export type PluginType = 'sink' | 'source' | 'transformation' | 'predicate' | 'converter' | 'header_converter'

export interface PluginInfo {
  readonly class: string
  readonly type: PluginType
  readonly version?: string
}

export type InitialState = 'RUNNING' | 'PAUSED' | 'STOPPED'

export interface CreateConnectorRequest {
  readonly name: string | null
  readonly config: ConnectorConfig
  readonly initial_state?: InitialState | null
}

/** GET /connectors?expand=…: what was asked for, by connector. */
export type ExpandedConnectors = Readonly<
  Record<string, { readonly status?: ConnectorStateInfo; readonly info?: ConnectorInfo }>
>

/** Connect's body of every error; ours adds `code`, `config_key` and `suggestion` where it has them (I8: added, never changed). */
export interface ErrorMessage {
  readonly error_code: number
  readonly message: string | null
  readonly code?: string
  readonly config_key?: string
  readonly suggestion?: string
}

const text = { type: 'string' } as const
const nullableText = { type: ['string', 'null'] } as const
const config = { type: 'object', additionalProperties: nullableText } as const
const taskId = {
  type: 'object',
  properties: { connector: text, task: { type: 'integer' } },
  required: ['connector', 'task'],
} as const
const connectorType = { enum: ['source', 'sink', 'unknown'] } as const
const instanceState = {
  state: { enum: ['UNASSIGNED', 'RUNNING', 'PAUSED', 'FAILED', 'RESTARTING', 'STOPPED'] },
  worker_id: text,
  version: nullableText,
  trace: text,
} as const
const taskState = {
  type: 'object',
  properties: { id: { type: 'integer' }, ...instanceState },
  required: ['id', 'state', 'worker_id', 'version'],
} as const

const texts = { type: 'array', items: text } as const
const keyInfoProperties = {
  name: text,
  type: { enum: ['BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'] },
  required: { type: 'boolean' },
  default_value: nullableText,
  importance: { enum: ['HIGH', 'MEDIUM', 'LOW'] },
  documentation: text,
  group: nullableText,
  order_in_group: { type: 'integer' },
  width: { enum: ['NONE', 'SHORT', 'MEDIUM', 'LONG'] },
  display_name: text,
  dependents: texts,
} as const
const valueInfoProperties = {
  name: text,
  value: nullableText,
  recommended_values: texts,
  errors: texts,
  visible: { type: 'boolean' },
} as const
const configInfo = {
  type: 'object',
  properties: {
    definition: { type: ['object', 'null'], properties: keyInfoProperties, required: Object.keys(keyInfoProperties) },
    value: { type: ['object', 'null'], properties: valueInfoProperties, required: Object.keys(valueInfoProperties) },
  },
  required: ['definition', 'value'],
} as const

/** The same bodies as JSON Schema, for OpenAPI and for whoever validates an answer. */
export const schemas = {
  ServerInfo: {
    type: 'object',
    properties: { version: text, commit: text, kafka_cluster_id: text },
    required: ['version', 'commit', 'kafka_cluster_id'],
  },
  WorkerStatus: {
    type: 'object',
    properties: { status: { enum: ['healthy', 'unhealthy', 'starting'] }, message: text },
    required: ['status', 'message'],
  },
  ConnectorNames: { type: 'array', items: text },
  ConnectorConfig: config,
  ConnectorInfo: {
    type: 'object',
    properties: { name: text, config, tasks: { type: 'array', items: taskId }, type: connectorType },
    required: ['name', 'config', 'tasks', 'type'],
  },
  ConnectorStateInfo: {
    type: 'object',
    properties: {
      name: text,
      connector: { type: 'object', properties: instanceState, required: ['state', 'worker_id', 'version'] },
      tasks: { type: 'array', items: taskState },
      type: connectorType,
    },
    required: ['name', 'connector', 'tasks', 'type'],
  },
  TaskState: taskState,
  TaskInfos: {
    type: 'array',
    items: { type: 'object', properties: { id: taskId, config }, required: ['id', 'config'] },
  },
  PluginInfos: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        class: text,
        type: { enum: ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'] },
        version: text,
      },
      required: ['class', 'type'],
    },
  },
  CreateConnectorRequest: {
    type: 'object',
    properties: { name: nullableText, config, initial_state: { enum: ['RUNNING', 'PAUSED', 'STOPPED', null] } },
    required: ['config'],
    additionalProperties: false,
  },
  ConfigInfos: {
    type: 'object',
    properties: {
      name: text,
      error_count: { type: 'integer' },
      groups: texts,
      configs: { type: 'array', items: configInfo },
    },
    required: ['name', 'error_count', 'groups', 'configs'],
  },
  ErrorMessage: {
    type: 'object',
    properties: {
      error_code: { type: 'integer' },
      message: nullableText,
      code: text,
      config_key: text,
      suggestion: text,
    },
    required: ['error_code', 'message'],
  },
} as const

export type ShapeName = keyof typeof schemas
