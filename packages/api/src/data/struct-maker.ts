import { DataError } from '../errors/connect-error.ts'
import { usesBeforeNextCompile } from './compile-budget.ts'
import { onSchema } from './per-schema.ts'
import { type Schema, schemaText } from './schema.ts'
import {
  assembleStruct,
  checkProperties,
  isInherited,
  ownValue,
  type StructShape,
  structShape,
} from './struct-shape.ts'
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

/*
 * An object that is filled key by key ends in dictionary mode at some fifty fields; a literal does not. Names reach the
 * code only through JSON.stringify, as string literals.
 */
function compile<T>(parameter: string, names: readonly string[], read: (name: string, index: number) => string): T {
  const properties = names.map((name, index) => {
    const key = JSON.stringify(name)
    // `"__proto__": x` would set the prototype, `["__proto__"]: x` makes a property.
    return `${name === '__proto__' ? `[${key}]` : key}:${read(name, index)}`
  })
  return new Function(parameter, `"use strict";return {${properties.join(',')}}`) as T
}

function compileFromValues(names: readonly string[]): FromValues {
  return compile('v', names, (_name, index) => `v[${index}]`)
}

function compileFromSource(names: readonly string[]): FromSource {
  return compile('s', names, (name) => {
    const key = JSON.stringify(name)
    return isInherited(name) ? `(Object.hasOwn(s,${key})?s[${key}]:null)??null` : `s[${key}]??null`
  })
}

class CompiledMaker implements StructMaker {
  readonly #shape: StructShape
  #usesLeft: number
  #fromValues: FromValues | null = null
  #fromSource: FromSource | null = null

  constructor(schema: Schema) {
    this.#shape = structShape(schema)
    this.#usesLeft = usesBeforeNextCompile()
  }

  fromValues(values: readonly Value[]): Struct {
    const { names } = this.#shape
    if (values.length !== names.length) {
      const found = `${values.length} values for ${names.length} fields`
      throw new DataError(`Making a struct of ${schemaText(this.#shape.schema)}: found ${found}.`)
    }
    if (this.#fromValues === null) {
      if (this.#usesLeft-- > 0) return assembleStruct(names, values)
      this.#fromValues = compileFromValues(names)
    }
    return this.#fromValues(values)
  }

  from(source: Readonly<Record<string, Value | undefined>>): Struct {
    checkProperties(source, this.#shape)
    const { names } = this.#shape
    if (this.#fromSource === null) {
      if (this.#usesLeft-- > 0)
        return assembleStruct(
          names,
          names.map((name) => ownValue(source, name)),
        )
      this.#fromSource = compileFromSource(names)
    }
    return this.#fromSource(source)
  }
}

/** The maker of a struct schema, compiled once; a DataError for any other schema. */
export const structMaker: (schema: Schema) => StructMaker = onSchema((schema) => new CompiledMaker(schema))

/**
 * The value of a field as Connect's `Struct.get` gives it: the default of the field where the value is null.
 * A name that is no field is a DataError.
 */
export function fieldValue(schema: Schema, struct: Struct, name: string): Value {
  const field = schema.field(name)
  if (field === undefined) throw new DataError(`${name} is not a valid field name`)
  return ownValue(struct, name) ?? field.schema.defaultValue
}
