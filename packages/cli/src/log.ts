// The product's log: pino's levels and records, on stderr, as lines for people or as JSON.
import pino from 'pino'
import type { Logger } from '@sluice/api'

export type LogFormat = 'text' | 'json'

interface Line {
  readonly level: number
  readonly time: string
  readonly msg: string
  readonly connector?: string
  readonly task?: number
  readonly [field: string]: unknown
}

const shown = new Set(['level', 'time', 'msg', 'connector', 'task', 'err'])

/** `[2026-11-22T18:00:00.123Z] WARN [file-source|task-0] Message (key=value)`, the context as Connect's log writes it. */
export function textLine(line: Line): string {
  const level = pino.levels.labels[line.level]?.toUpperCase() ?? String(line.level)
  const task = line.task === undefined ? '' : `|task-${line.task}`
  const context = line.connector === undefined ? '' : ` [${line.connector}${task}]`
  const fields = Object.entries(line)
    .filter(([key]) => !shown.has(key))
    .map(
      ([key, value]) => `${key}=${typeof value === 'string' && !/[\r\n]/.test(value) ? value : JSON.stringify(value)}`,
    )
  const error = line['err'] as { message?: string; stack?: string } | undefined
  const details = fields.length > 0 ? ` (${fields.join(', ')})` : ''
  return `[${line.time}] ${level}${context} ${line.msg}${details}${error ? `\n${error.stack ?? error.message ?? ''}` : ''}\n`
}

/** Synchronous on purpose: the last line before an exit is the one that matters. */
export function createLog(format: LogFormat, level = 'info'): Logger {
  const stream = {
    write(text: string): void {
      process.stderr.write(format === 'json' ? text : textLine(JSON.parse(text) as Line))
    },
  }
  const log = pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime }, stream)
  const at =
    (write: (fields: object, message: string) => void) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      const { error, ...rest } = fields
      // Only an error has a trace; the mere words of one are a field like any other.
      write(error instanceof Error ? { ...rest, err: error } : fields, message)
    }
  return {
    debug: at((fields, message) => log.debug(fields, message)),
    info: at((fields, message) => log.info(fields, message)),
    warn: at((fields, message) => log.warn(fields, message)),
    error: at((fields, message) => log.error(fields, message)),
  }
}
