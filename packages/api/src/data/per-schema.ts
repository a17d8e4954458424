import { ConnectSchema } from './connect-schema.ts'
import type { Schema } from './schema.ts'

/**
 * Compiles once per schema: the function that is given back calls `make` the first time it sees a schema and finds the
 * result by identity from then on. It holds results weakly: they go with their schema, or with the function itself.
 * An equal schema that is another object is compiled again, so what `make` gives must not depend on identity.
 */
export function perSchema<T extends {}>(make: (schema: Schema) => T): (schema: Schema) => T {
  const made = new WeakMap<Schema, T>()
  return (schema) => {
    const known = made.get(schema)
    if (known !== undefined) return known
    const fresh = make(schema)
    made.set(schema, fresh)
    return fresh
  }
}

let slotCount = 0

/**
 * As `perSchema`, for the constants of the data model alone: the result hangs on the schema itself, which is found
 * faster and costs the collector nothing, but stays as long as the schema does. A schema of another copy of this
 * package has no such place, and is kept by `perSchema`.
 */
export function onSchema<T extends {}>(make: (schema: Schema) => T): (schema: Schema) => T {
  const slot = slotCount++
  const ofForeign = perSchema(make)
  return (schema) => {
    const compiled = ConnectSchema.internalsOf(schema)?.compiled
    if (compiled === undefined) return ofForeign(schema)
    return (compiled[slot] ??= make(schema)) as T
  }
}
