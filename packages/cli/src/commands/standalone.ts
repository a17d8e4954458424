// sluice standalone worker.properties [connector.(properties|json) …]
import type { Command } from 'commander'
import { bundledPlugins } from '../builtins.ts'
import { createLog } from '../log.ts'
import { addLogOptions, type LogOptions } from '../log-options.ts'
import { readConnectorFile, readProperties } from '../properties-file.ts'
import { runUntilStopped } from '../run-until-stopped.ts'
import { version } from '../version.ts'

async function runStandalone(
  workerFile: string,
  connectorFiles: readonly string[],
  options: LogOptions,
): Promise<void> {
  const log = createLog(options.logFormat, options.logLevel)
  const props = await readProperties(workerFile)
  const connectors = await Promise.all(connectorFiles.map(readConnectorFile))
  // Loaded only here, so that the other commands answer at once.
  const { startWorker } = await import('@sluice/runtime')
  const worker = await startWorker({
    props,
    mode: 'standalone',
    pluginPackages: bundledPlugins(),
    connectors,
    log,
    version,
  })
  await runUntilStopped(worker, log)
}

/** Adds the command. */
export function standaloneCommand(program: Command): void {
  const standalone = program
    .command('standalone')
    .summary('run one worker with the connectors of the given files')
    .description(
      'Runs one worker, as connect-standalone does: offsets in a local file, connectors from the given files and from REST.',
    )
    .argument('<worker.properties>', "the worker's properties file")
    .argument('[connector...]', 'connectors to create, each a .properties or .json file')
  addLogOptions(standalone).action(runStandalone)
}
