// How commands speak: tables and sentences for people on stdout, one envelope with --json, errors on stderr.
import { styleText } from 'node:util'
import Table from 'cli-table3'
import { errorCodes, isConfigError, isConnectError } from '@sluice/api'

/** The part of stdout and stderr that commands use; a test passes its own. */
export interface Terminal {
  out(text: string): void
  error(text: string): void
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
}

/** Codes of success and of what went wrong; `sluice --help` and the README list them. */
export const exitCodes = { ok: 0, failed: 1, invalid: 2, environment: 3 } as const

/** Prints `{"data": …}`: what every command prints under --json when it succeeds. */
export function printJson(terminal: Terminal, data: unknown): void {
  terminal.out(`${JSON.stringify({ data }, null, 2)}\n`)
}

/** A borderless table; columns as wide as they need to be. An empty one prints only its head. */
export function printTable(terminal: Terminal, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
  }
  const more = {
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  }
  const table = new Table({
    head: head.map((title) => styleText('bold', title)),
    chars: { ...none, ...more },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
  for (const row of rows) table.push([...row])
  terminal.out(`${table.toString().replace(/[ \t]+$/gm, '')}\n`)
}

const stateColours: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  RUNNING: 'green',
  PAUSED: 'yellow',
  STOPPED: 'yellow',
  RESTARTING: 'yellow',
  UNASSIGNED: 'yellow',
  FAILED: 'red',
}

/** A state in the colour that it has everywhere; plain where colours are off. */
export function colouredState(state: string): string {
  const colour = stateColours[state]
  return colour ? styleText(colour, state) : state
}

interface ErrorReport {
  readonly code: string
  readonly message: string
  /** What was underneath, where the message does not say it. */
  readonly cause: string | null
  readonly remedy: string | null
  readonly issues: readonly { readonly key: string; readonly message: string; readonly suggestion?: string }[]
  readonly exitCode: number
}

function reportOf(error: unknown): ErrorReport {
  const message = error instanceof Error ? error.message : String(error)
  const cause = causeOf(error, message)
  if (!isConnectError(error)) {
    return { code: 'INTERNAL', message, cause, remedy: null, issues: [], exitCode: exitCodes.failed }
  }
  const { remedy, exitCode } = errorCodes[error.code]
  return { code: error.code, message, cause, remedy, issues: isConfigError(error) ? error.issues : [], exitCode }
}

function causeOf(error: unknown, message: string): string | null {
  const cause = error instanceof Error ? error.cause : undefined
  // What the system said has been put into our own words already.
  return isConnectError(cause) && !message.includes(cause.message) ? cause.message : null
}

/** Says what went wrong, with every issue and the way out, and gives the exit code. */
export function printError(terminal: Terminal, error: unknown, json: boolean): number {
  const report = reportOf(error)
  if (json) {
    const { exitCode: _, ...body } = report
    terminal.out(`${JSON.stringify({ error: body }, null, 2)}\n`)
    return report.exitCode
  }
  terminal.error(`${styleText('red', 'error')} ${report.message}\n`)
  for (const issue of report.issues) {
    if (!report.message.includes(issue.message)) terminal.error(`  ${issue.key}: ${issue.message}\n`)
    if (issue.suggestion) terminal.error(`  ${issue.key}: ${issue.suggestion}\n`)
  }
  if (report.cause) terminal.error(`  ${report.cause}\n`)
  if (report.remedy) terminal.error(`  ${report.remedy}\n`)
  return report.exitCode
}
