import { configSpec, field, requireConfig } from '@sluice/api'
import type { ConfigSpec, Props } from '@sluice/api'
import type { ClientOptions } from '../ports.ts'
import { connectionFields, readConnection } from './connection-keys.ts'

const spec = configSpec({
  ...connectionFields,
  'default.api.timeout.ms': field.int({ doc: 'How long a call may take, retries included.', default: 60_000, min: 0 }),
  retries: field.int({ doc: 'Attempts that may follow the first.', default: 2147483647, min: 0 }),
})

/** The keys of the admin client that have an effect. */
export const adminSpec: ConfigSpec = spec

/** The options of the admin client's connections. */
export function readAdmin(props: Props): { readonly client: ClientOptions; readonly options: null } {
  return { client: readConnection(requireConfig(spec, props), props), options: null }
}
