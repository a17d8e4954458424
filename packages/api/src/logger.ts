/**
 * Where plugins write what an operator should act on: a constant message, the particulars as fields.
 * The runtime adds connector and task. Never a secret, never a record's value.
 */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}
