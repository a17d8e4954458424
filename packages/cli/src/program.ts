// The command line as a whole: which commands there are, and how an error becomes words and an exit code.
import { Command, CommanderError } from 'commander'
import { RestError } from '@sluice/rest-api'
import { connectorsCommand, exitCodeOf } from './commands/connectors.ts'
import { devCommand } from './commands/dev.ts'
import { standaloneCommand } from './commands/standalone.ts'
import { exitCodes, printError, processTerminal } from './output.ts'
import { version } from './version.ts'

const help = `
Exit codes:
  0  it went well
  1  it failed while running
  2  the input is wrong: usage, a config, a name
  3  the environment: no worker or broker reachable, a port in use, Node too old`

function createProgram(): Command {
  const program = new Command('sluice')
    .description('Kafka Connect for Node: connectors, converters and transforms without a JVM.')
    .version(version)
    .addHelpText('after', help)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(see sluice --help)')
  standaloneCommand(program)
  devCommand(program)
  connectorsCommand(program)
  return program
}

function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inheritExit(child)
  }
}

/** Runs one command line; never throws. The result is the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = createProgram()
  inheritExit(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? exitCodes.ok)
  } catch (error) {
    // Commander has spoken already: help and version end with 0, a wrong usage with our code for wrong input.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.invalid
    const code = printError(processTerminal, error, args.includes('--json'))
    return error instanceof RestError ? exitCodeOf(error) : code
  }
}
