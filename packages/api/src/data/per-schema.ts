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
