import type { Logger } from '@sluice/api'
import { inspect } from 'node:util'
import { traceOf } from '../core/trace.ts'

export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A logger whose lines go elsewhere, each with these fields. */
export function loggerTo(write: (line: LogLine) => void, fields: LogLine['fields'] = {}): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, more: LogLine['fields'] = {}): void =>
      write({ level, message, fields: plain({ ...fields, ...more }) })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

// What a plugin logs may be anything; only plain data crosses the channel.
function plain(fields: LogLine['fields']): LogLine['fields'] {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plainValue(value)]))
}

function plainValue(value: unknown): unknown {
  if (value instanceof Error) return withTrace(value)
  if (typeof value === 'object' && value !== null) return inspect(value, { depth: 3, breakLength: Infinity })
  return typeof value === 'function' || typeof value === 'symbol' ? String(value) : value
}

/** An error that keeps everything underneath it when it crosses: in its stack, which is what a log shows. */
function withTrace(error: Error): Error {
  const copy = new Error(error.message)
  copy.name = error.name
  copy.stack = traceOf(error)
  return copy
}
