import {
  ConfigError,
  type ConnectorContext,
  type Logger,
  type Props,
  renderConfig,
  type SinkConnectorDefinition,
  type SourceConnectorContext,
  type SourceConnectorDefinition,
  type SourceOffsets,
} from '@sluice/api'
import { connectorOwner, type ConnectorStart, type TaskDivision } from '../hosts/host-protocol.ts'
import { configAt, type HostPlugins, pluginAt } from './host-plugins.ts'
import type { PluginCalls } from './plugin-calls.ts'

export type ConnectorDefinition = SourceConnectorDefinition | SinkConnectorDefinition

export interface ConnectorHost {
  readonly plugins: HostPlugins
  readonly calls: PluginCalls
  readonly log: Logger
  readonly offsets: SourceOffsets
  readonly signal: AbortSignal
  readonly requestReconfiguration: () => void
}

/** The definition behind `connector.class`. */
export async function connectorDefinition(plugins: HostPlugins, config: Props): Promise<ConnectorDefinition> {
  const registered = plugins.registry.connector(config['connector.class'] ?? '')
  return await pluginAt(plugins, 'connector.class', registered.className, ['source', 'sink'])
}

function contextOf({ name, config }: ConnectorStart, host: ConnectorHost): SourceConnectorContext {
  const { signal, log, offsets } = host
  return { name, config, signal, log, offsets, requestTaskReconfiguration: () => host.requestReconfiguration() }
}

/** Asks the connector's code to divide its work, and gives the configs as text. */
export async function divideTasks(start: ConnectorStart, host: ConnectorHost): Promise<TaskDivision> {
  const definition = await connectorDefinition(host.plugins, start.config)
  const config = configAt(host.plugins, definition.config, start.config)
  const maxTasks = maxTasksOf(start.config)
  const context = contextOf(start, host)
  const site = host.calls.site(connectorOwner(start.name), 'taskConfigs()')
  const divided: readonly unknown[] = await host.calls.run(site, () =>
    definition.kind === 'source'
      ? definition.taskConfigs(config, maxTasks, context)
      : definition.taskConfigs(config, maxTasks, context satisfies ConnectorContext),
  )
  return {
    type: definition.kind,
    version: host.plugins.registry.connector(definition.className).version,
    // A task that gets its connector's own config gets it as it was written, defaults left out, as in Connect.
    taskConfigs: divided.map((own) => (own === config ? start.config : renderTask(definition, own))),
    isWatching: definition.watch !== undefined,
  }
}

function renderTask(definition: ConnectorDefinition, config: unknown): Props {
  return renderConfig(definition.taskConfig, config as Parameters<typeof renderConfig>[1])
}

function maxTasksOf(config: Props): number {
  const text = config['tasks.max']?.trim() ?? '1'
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  const message = `Invalid value ${text} for configuration tasks.max: Value must be at least 1`
  throw new ConfigError(message, [{ key: 'tasks.max', message }])
}

/** Runs the connector's `watch` until the signal is aborted; resolves at once for a connector without one. */
export async function watchConnector(start: ConnectorStart, host: ConnectorHost): Promise<void> {
  const definition = await connectorDefinition(host.plugins, start.config)
  if (!definition.watch) return
  const config = configAt(host.plugins, definition.config, start.config)
  await host.calls.run(host.calls.site(connectorOwner(start.name), 'watch()'), () =>
    definition.watch?.(config, contextOf(start, host)),
  )
}
