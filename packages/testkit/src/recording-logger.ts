import type { Logger } from '@sluice/api'

/** One line that a plugin logged. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A logger that keeps what it is given, for a test to look at. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly LoggedLine[]
  /** The lines of one level. */
  at(level: LoggedLine['level']): readonly LoggedLine[]
}

/** Makes a logger that writes nowhere. */
export function createRecordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = []
  const keep =
    (level: LoggedLine['level']) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      lines.push({ level, message, fields })
    }
  return {
    lines,
    at: (level) => lines.filter((line) => line.level === level),
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  }
}
