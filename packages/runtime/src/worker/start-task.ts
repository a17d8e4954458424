import type { Logger, Props } from '@sluice/api'
import { sinkGroupId } from '../core/client-props.ts'
import type { TaskStart } from '../hosts/host-protocol.ts'
import { buildPipeline } from './build-pipeline.ts'
import { connectorDefinition, type ConnectorDefinition } from './connector-runner.ts'
import { configAt, type HostPlugins } from './host-plugins.ts'
import type { RecordPipeline } from './record-pipeline.ts'
import { runSinkTask, type SinkTaskRunner } from './sink-task-runner.ts'
import { deliverAtLeastOnce } from './source-delivery.ts'
import { createSourceOffsets, OffsetCodec, type OffsetTexts } from './source-offsets.ts'
import { runSourceTask } from './source-task-runner.ts'
import { openConsumer, openProducer, type OwnedPort } from './task-clients.ts'
import type { TaskHost, TaskRunner } from './task-host.ts'

export interface TaskStartInput {
  readonly start: TaskStart
  readonly host: TaskHost
  readonly plugins: HostPlugins
  readonly workerProps: Props
  readonly texts: OffsetTexts
  readonly onPolled: () => void
}

/** Builds everything between the plugin's task and Kafka, and runs it. Rejects when something cannot be built. */
export async function startTask(input: TaskStartInput): Promise<TaskRunner | SinkTaskRunner> {
  const { start, plugins, workerProps, host } = input
  const definition = await connectorDefinition(plugins, start.connectorConfig)
  const pipeline = await buildPipeline({
    plugins,
    workerProps,
    connectorConfig: start.connectorConfig,
    taskClass: definition.taskClass,
  })
  const clients = { label: host.label, workerProps, connectorConfig: start.connectorConfig, log: host.log }
  return definition.kind === 'source'
    ? startSource(input, definition, pipeline, openProducer(clients))
    : startSink(input, definition, pipeline, openConsumer(clients))
}

type SourceDefinition = Extract<ConnectorDefinition, { readonly kind: 'source' }>
type SinkDefinition = Extract<ConnectorDefinition, { readonly kind: 'sink' }>

function startSource(
  { start, host, plugins, texts }: TaskStartInput,
  definition: SourceDefinition,
  pipeline: RecordPipeline,
  producer: ReturnType<typeof openProducer>,
): TaskRunner {
  const codec = new OffsetCodec()
  const runner = runSourceTask({
    host,
    target: start.target,
    taskConfig: start.taskConfig,
    offsets: createSourceOffsets(codec, texts),
    pipeline,
    producer: producer.port,
    startTask: (context) => definition.startTask(configAt(plugins, definition.taskConfig, start.taskConfig), context),
    deliver: (task) =>
      deliverAtLeastOnce({
        task,
        taskLabel: host.label,
        codec,
        texts,
        calls: host.calls,
        log: host.log,
        mayCommit: () => host.lease.holds(),
      }),
  })
  return withEnd(runner, producer, pipeline, host.log)
}

function startSink(
  { start, host, plugins, workerProps, onPolled }: TaskStartInput,
  definition: SinkDefinition,
  pipeline: RecordPipeline,
  consumer: ReturnType<typeof openConsumer>,
): SinkTaskRunner {
  const runner = runSinkTask({
    host,
    target: start.target,
    taskConfig: start.taskConfig,
    groupId: sinkGroupId(start.task.connector, workerProps, start.connectorConfig),
    pipeline,
    consumer: consumer.port,
    maxPollRecords: consumer.maxPollRecords,
    startTask: (context) => definition.startTask(configAt(plugins, definition.taskConfig, start.taskConfig), context),
    onPolled,
  })
  return withEnd(runner, consumer, pipeline, host.log)
}

/** Ends the task's connections after it, and says how much it filtered (I3). */
function withEnd<R extends TaskRunner>(
  runner: R,
  owned: Pick<OwnedPort<unknown>, 'close'>,
  pipeline: RecordPipeline,
  log: Logger,
): R {
  const ended = runner.ended.then(async () => {
    await owned.close().catch(() => undefined)
    if (pipeline.filtered > 0) log.info('Transforms dropped records on purpose.', { records: pipeline.filtered })
  })
  return { ...runner, ended }
}
