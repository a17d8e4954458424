/** Where the broker tells what an operator should know; the logger of `@sluice/api` fits. */
export interface BrokerLog {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** Says nothing. */
export const silentLog: BrokerLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

/** What an error says of itself, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
