// sluice connectors list|show|apply|delete|status: the worker's REST API, for people and scripts.
import type { Command } from 'commander'
import { createRestClient, type RestClient, type RestError } from '@sluice/rest-api'
import { readConnectorFile } from '../properties-file.ts'
import { workerUrl } from '../worker-address.ts'
import { colouredState, exitCodes, printJson, printTable, processTerminal as terminal } from '../output.ts'

interface Options {
  readonly url?: string
  readonly json?: boolean
}

function clientOf(options: Options): RestClient {
  return createRestClient(workerUrl(options.url))
}

async function list(options: Options): Promise<void> {
  const client = clientOf(options)
  const connectors = await client.expandConnectors()
  const names = Object.keys(connectors).sort()
  if (options.json)
    return printJson(
      terminal,
      names.map((name) => ({ name, ...connectors[name] })),
    )
  if (names.length === 0)
    return terminal.out(`No connectors at ${client.url}. Add one with "sluice connectors apply <file>".\n`)
  const rows = names.map((name) => {
    const { status, info } = connectors[name] ?? {}
    const running = status?.tasks.filter((task) => task.state === 'RUNNING').length ?? 0
    const state = status ? colouredState(status.connector.state) : '–'
    return [
      name,
      info?.type ?? '–',
      state,
      `${running}/${status?.tasks.length ?? 0}`,
      info?.config['connector.class'] ?? '–',
    ]
  })
  return printTable(terminal, ['NAME', 'TYPE', 'STATE', 'TASKS', 'CLASS'], rows)
}

async function show(name: string, options: Options): Promise<void> {
  const info = await clientOf(options).getConnector(name)
  if (options.json) return printJson(terminal, info)
  const rows = Object.keys(info.config)
    .sort()
    .map((key) => [key, info.config[key] ?? 'null'])
  return printTable(terminal, ['KEY', 'VALUE'], rows)
}

async function apply(files: readonly string[], options: Options): Promise<void> {
  const client = clientOf(options)
  const connectors = await Promise.all(files.map(readConnectorFile))
  const results: { name: string; result: 'created' | 'updated' }[] = []
  for (const { name, config } of connectors) {
    const { created } = await client.putConnectorConfig(name, config)
    const result = created ? 'created' : 'updated'
    results.push({ name, result })
    if (!options.json) terminal.out(`${name} ${result}\n`)
  }
  if (options.json) printJson(terminal, results)
}

async function remove(names: readonly string[], options: Options): Promise<void> {
  const client = clientOf(options)
  for (const name of names) {
    await client.deleteConnector(name)
    if (!options.json) terminal.out(`${name} deleted; its offsets stay\n`)
  }
  if (options.json)
    printJson(
      terminal,
      names.map((name) => ({ name, result: 'deleted' })),
    )
}

function firstLine(trace: string | undefined): string {
  return trace?.split('\n', 1)[0] ?? ''
}

/** Every connector, or the named ones. Exit code 1 when something has failed, so that a script can wait on it. */
async function status(names: readonly string[], options: Options): Promise<void> {
  const client = clientOf(options)
  const wanted = names.length > 0 ? names : [...(await client.listConnectors())].sort()
  const states = await Promise.all(wanted.map((name) => client.connectorStatus(name)))
  const all = states.flatMap((state) => [state.connector, ...state.tasks])
  if (all.some((instance) => instance.state === 'FAILED')) process.exitCode = exitCodes.failed
  if (options.json) return printJson(terminal, states)
  if (states.length === 0) return terminal.out(`No connectors at ${client.url}.\n`)
  const rows = states.flatMap(({ name, connector, tasks }) => [
    [name, '', colouredState(connector.state), connector.worker_id, firstLine(connector.trace)],
    ...tasks.map((task) => [name, String(task.id), colouredState(task.state), task.worker_id, firstLine(task.trace)]),
  ])
  return printTable(terminal, ['CONNECTOR', 'TASK', 'STATE', 'WORKER', 'CAUSE'], rows)
}

/** A connector that is not there is the caller's mistake (2), whatever else the worker says is a failure (1). */
export function exitCodeOf(error: RestError): number {
  return error.status === 400 || error.status === 404 || error.status === 409 ? exitCodes.invalid : exitCodes.failed
}

/** Adds the command and its verbs. */
export function connectorsCommand(program: Command): void {
  const connectors = program.command('connectors').summary('list, show, apply, delete connectors, and their status')
  const verb = (usage: string, summary: string): Command =>
    connectors
      .command(usage)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .option('--url <url>', 'the worker; else the "sluice dev" of this folder, else http://127.0.0.1:8083')
      .option('--json', 'print {"data": …} or {"error": …}')
  verb('list', 'list the connectors').action(list)
  verb('show <name>', 'show the config of a connector').action(show)
  verb('apply <file...>', 'create connectors from files, or replace their configs').action(apply)
  verb('delete <name...>', 'stop and remove connectors').action(remove)
  verb('status [name...]', 'show the state of connectors and their tasks').action(status)
}
