export type * from './ports.ts'
export type { ClientOptionsByKind, ParsedClientOptions } from './client-options.ts'
export { partitionKey } from './partition-key.ts'
