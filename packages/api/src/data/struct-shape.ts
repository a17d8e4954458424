import { DataError } from '../errors/connect-error.ts'
import { onSchema } from './per-schema.ts'
import { type Schema, schemaText } from './schema.ts'
import type { Struct, Value } from './value.ts'

/** What is known about the structs of one schema before any is seen. */
export interface StructShape {
  readonly schema: Schema
  /** Names of the fields, in the order of the schema. */
  readonly names: readonly string[]
  /** The same names in the order in which a struct enumerates them: integer-like ones first. */
  readonly order: readonly string[]
}

/** The shape of a struct schema; a DataError for any other schema. */
export const structShape: (schema: Schema) => StructShape = onSchema((schema) => {
  if (schema.fields === null) throw new DataError(`Not a struct schema: ${schemaText(schema)}`)
  const names = schema.fields.map((field) => field.name)
  return { schema, names, order: Object.keys(assembleStruct(names, [])) }
})

/** A struct put together field by field; slower than a compiled literal, and of another hidden class. */
export function assembleStruct(names: readonly string[], values: readonly Value[]): Struct {
  const struct: Record<string, Value> = {}
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? ''
    const value = values[i] ?? null
    if (name === '__proto__') {
      // Plain assignment would set the prototype.
      Object.defineProperty(struct, name, { value, writable: true, enumerable: true, configurable: true })
    } else {
      struct[name] = value
    }
  }
  return struct
}

/** True for names that every object seems to have: whether it is a field must be asked, not read. */
export function isInherited(name: string): boolean {
  return name in Object.prototype
}

/** The raw value of a field, null when the object has no such property of its own. */
export function ownValue(struct: Readonly<Record<string, Value | undefined>>, name: string): Value {
  return (isInherited(name) && !Object.hasOwn(struct, name) ? null : struct[name]) ?? null
}

/** True when the object has the fields of the schema as properties, all of them, no other, in the order of the shape. */
export function hasShape(source: object, { order }: StructShape): boolean {
  let next = 0
  for (const name in source) if (name !== order[next++]) return false
  return next === order.length
}

/** Throws for a property that is no field; a missing field is none of its business. */
export function checkProperties(source: object, { order, schema }: StructShape): void {
  let next = 0
  for (const name in source) {
    while (next < order.length && order[next] !== name) next++
    // Not where it is expected: the properties stand in another order, or one of them is no field.
    if (next++ === order.length) return checkEachProperty(source, schema)
  }
}

function checkEachProperty(source: object, schema: Schema): void {
  for (const name of Object.keys(source)) {
    if (schema.field(name) === undefined) throw new DataError(`${name} is not a valid field name`)
  }
}
