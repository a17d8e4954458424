import { DataError } from '../errors/connect-error.ts'
import { usesBeforeNextCompile } from './compile-budget.ts'
import { perSchema } from './per-schema.ts'
import { type Schema, schemaText } from './schema.ts'
import type { Struct, Value } from './value.ts'

/** Makes the structs of one schema, all of one shape. */
export interface StructMaker {
  /** One value per field, in the order of the schema. The values are taken as they are: `validateValue` checks them. */
  fromValues(values: readonly Value[]): Struct
  /** Values by field name. A missing one is null; a property that is no field is a DataError. */
  from(source: Readonly<Record<string, Value | undefined>>): Struct
}

type FromValues = (values: readonly Value[]) => Struct
type FromSource = (source: Readonly<Record<string, Value | undefined>>) => Struct

/** Sets an own property also where plain assignment would reach the prototype. */
function setOwn(target: Record<string, Value>, name: string, value: Value): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
  } else {
    target[name] = value
  }
}

function assemble(names: readonly string[], values: readonly Value[]): Struct {
  const struct: Record<string, Value> = {}
  for (let i = 0; i < names.length; i++) setOwn(struct, names[i] ?? '', values[i] ?? null)
  return struct
}

function pick(source: Readonly<Record<string, Value | undefined>>, name: string): Value {
  return (name in Object.prototype && !Object.hasOwn(source, name) ? null : source[name]) ?? null
}

/** A property of an object literal. `"__proto__": x` would set the prototype, `["__proto__"]: x` does not. */
function property(name: string, expression: string): string {
  const key = JSON.stringify(name)
  return name === '__proto__' ? `[${key}]:${expression}` : `${key}:${expression}`
}

/*
 * An object that is filled key by key ends in dictionary mode at some fifty fields; a literal does not. Names reach the
 * code only through JSON.stringify, as string literals.
 */
function compileFromValues(names: readonly string[]): FromValues {
  const properties = names.map((name, index) => property(name, `v[${index}]`))
  return new Function('v', `"use strict";return {${properties.join(',')}}`) as FromValues
}

function compileFromSource(names: readonly string[]): FromSource {
  const properties = names.map((name) => {
    const key = JSON.stringify(name)
    const own = name in Object.prototype ? `(Object.hasOwn(s,${key})?s[${key}]:null)` : `s[${key}]`
    return property(name, `${own}??null`)
  })
  return new Function('s', `"use strict";return {${properties.join(',')}}`) as FromSource
}

/** The names in the order in which `Object.keys` gives them for a struct: integer-like ones first. */
export function enumerationOrder(names: readonly string[]): readonly string[] {
  return Object.keys(assemble(names, []))
}

/** Throws for a property that is no field. Looks each one up only when the properties stand in another order. */
function checkProperties(source: object, order: readonly string[], schema: Schema): void {
  let next = 0
  for (const name in source) {
    while (next < order.length && order[next] !== name) next++
    if (next === order.length) return checkEachProperty(source, schema)
    next++
  }
}

function checkEachProperty(source: object, schema: Schema): void {
  for (const name of Object.keys(source)) {
    if (schema.field(name) === undefined) throw new DataError(`${name} is not a valid field name`)
  }
}

class CompiledMaker implements StructMaker {
  readonly #schema: Schema
  readonly #names: readonly string[]
  readonly #order: readonly string[]
  #usesLeft: number
  #fromValues: FromValues | null = null
  #fromSource: FromSource | null = null

  constructor(schema: Schema) {
    if (schema.fields === null) throw new DataError(`Not a struct schema: ${schemaText(schema)}`)
    this.#schema = schema
    this.#names = schema.fields.map((field) => field.name)
    this.#order = enumerationOrder(this.#names)
    this.#usesLeft = usesBeforeNextCompile()
  }

  fromValues(values: readonly Value[]): Struct {
    if (values.length !== this.#names.length) {
      const found = `${values.length} values for ${this.#names.length} fields`
      throw new DataError(`Making a struct of ${schemaText(this.#schema)}: found ${found}.`)
    }
    if (this.#fromValues === null) {
      if (this.#usesLeft-- > 0) return assemble(this.#names, values)
      this.#fromValues = compileFromValues(this.#names)
    }
    return this.#fromValues(values)
  }

  from(source: Readonly<Record<string, Value | undefined>>): Struct {
    checkProperties(source, this.#order, this.#schema)
    if (this.#fromSource === null) {
      if (this.#usesLeft-- > 0) {
        return assemble(
          this.#names,
          this.#names.map((name) => pick(source, name)),
        )
      }
      this.#fromSource = compileFromSource(this.#names)
    }
    return this.#fromSource(source)
  }
}

/** The maker of a struct schema, compiled once; a DataError for any other schema. */
export const structMaker: (schema: Schema) => StructMaker = perSchema((schema) => new CompiledMaker(schema))

/**
 * The value of a field as Connect's `Struct.get` gives it: the default of the field where the value is null.
 * A name that is no field is a DataError.
 */
export function fieldValue(schema: Schema, struct: Struct, name: string): Value {
  const field = schema.field(name)
  if (field === undefined) throw new DataError(`${name} is not a valid field name`)
  return pick(struct, name) ?? field.schema.defaultValue
}
