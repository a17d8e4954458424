import { ConnectError, type Props } from '@sluice/api'

/** What makes the configs of a connector's tasks, beside what its code said. */
export interface TaskConfigsInput {
  readonly connectorConfig: Props
  readonly taskClass: string
  /** The connector's answer, one config a task. */
  readonly divided: readonly Props[]
}

/** The task configs as they are recorded: each with its class, and with the topics of a sink. */
export function recordedTaskConfigs({ connectorConfig, taskClass, divided }: TaskConfigsInput): readonly Props[] {
  const added: Record<string, string | null> = { 'task.class': taskClass }
  for (const key of ['topics', 'topics.regex']) {
    const value = connectorConfig[key]
    if (value !== undefined) added[key] = value
  }
  return divided.map((config) => ({ ...config, ...added }))
}

/** Throws in Connect's words when a connector made more tasks than it may. Says so (I3) when it is let through. */
export function checkTaskCount(name: string, config: Props, count: number): string | null {
  const maxTasks = Number(config['tasks.max'] ?? '1')
  if (count <= maxTasks) return null
  const finding = `The connector ${name} has generated ${count} tasks, which is greater than ${maxTasks}, the maximum number of tasks it is configured to create. `
  if (config['tasks.max.enforce']?.trim().toLowerCase() === 'false') {
    return `${finding}This behaviour should be considered a bug and will be disallowed in future releases.`
  }
  throw new ConnectError(
    `${finding}This behaviour should be considered a bug and is disallowed. If necessary, it can be permitted by reconfiguring the connector with 'tasks.max.enforce' set to false; however, this option will be removed in a future release of Kafka Connect.`,
  )
}

/** Whether two sets of configs are the same, whatever the order of their keys. */
export function sameConfigs(a: readonly Props[], b: readonly Props[]): boolean {
  return a.length === b.length && a.every((config, index) => sameConfig(config, b[index] ?? {}))
}

export function sameConfig(a: Props, b: Props): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
}
