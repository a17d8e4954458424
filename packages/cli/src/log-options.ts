import { Option, type Command } from 'commander'
import type { LogFormat } from './log.ts'

/** What a command that runs a worker is told about its log. */
export interface LogOptions {
  readonly logFormat: LogFormat
  readonly logLevel: string
}

/** Adds the options of the log to a command that runs a worker. */
export function addLogOptions(command: Command): Command {
  const format = new Option('--log-format <format>', 'for people or for programs').choices(['text', 'json'])
  const level = new Option('--log-level <level>', 'the least that is logged').choices([
    'debug',
    'info',
    'warn',
    'error',
  ])
  return command.addOption(format.default('text')).addOption(level.default('info'))
}
