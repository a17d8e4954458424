import { DataError } from '../errors/connect-error.ts'
import { LogicalName } from './logical-name.ts'
import { createSchema, type Field, type Schema, type SchemaProperties } from './schema.ts'
import { validateValue } from './validate-value.ts'
import type { SchemaType, Value } from './value.ts'

type Once = 'optional' | 'name' | 'version' | 'doc' | 'default'

function refuse(message: string, cause?: unknown): DataError {
  return new DataError(message, { code: 'SCHEMA_INVALID', cause })
}

/**
 * Builds a schema, one property after the other; each may be set once (setting it again to the same is no harm).
 * Messages are Connect's. `defaultValue` is validated at once, so `optional()` and the fields come before it.
 */
export class SchemaBuilder {
  readonly #type: SchemaType
  readonly #keySchema: Schema | null
  readonly #valueSchema: Schema | null
  readonly #fields: Map<string, Field> | null
  readonly #set = new Map<Once, unknown>()
  #parameters: Map<string, string> | null = null

  private constructor(type: SchemaType, keySchema: Schema | null = null, valueSchema: Schema | null = null) {
    this.#type = type
    this.#keySchema = keySchema
    this.#valueSchema = valueSchema
    this.#fields = type === 'STRUCT' ? new Map() : null
  }

  static ofType(type: SchemaType): SchemaBuilder {
    return new SchemaBuilder(type)
  }
  static int8(): SchemaBuilder {
    return new SchemaBuilder('INT8')
  }
  static int16(): SchemaBuilder {
    return new SchemaBuilder('INT16')
  }
  static int32(): SchemaBuilder {
    return new SchemaBuilder('INT32')
  }
  static int64(): SchemaBuilder {
    return new SchemaBuilder('INT64')
  }
  static float32(): SchemaBuilder {
    return new SchemaBuilder('FLOAT32')
  }
  static float64(): SchemaBuilder {
    return new SchemaBuilder('FLOAT64')
  }
  static boolean(): SchemaBuilder {
    return new SchemaBuilder('BOOLEAN')
  }
  static string(): SchemaBuilder {
    return new SchemaBuilder('STRING')
  }
  static bytes(): SchemaBuilder {
    return new SchemaBuilder('BYTES')
  }
  static struct(): SchemaBuilder {
    return new SchemaBuilder('STRUCT')
  }

  static array(valueSchema: Schema): SchemaBuilder {
    if ((valueSchema as Schema | null) === null) throw refuse('valueSchema cannot be null.')
    return new SchemaBuilder('ARRAY', null, valueSchema)
  }

  static map(keySchema: Schema, valueSchema: Schema): SchemaBuilder {
    if ((keySchema as Schema | null) === null) throw refuse('keySchema cannot be null.')
    if ((valueSchema as Schema | null) === null) throw refuse('valueSchema cannot be null.')
    return new SchemaBuilder('MAP', keySchema, valueSchema)
  }

  static decimal(scale: number): SchemaBuilder {
    return new SchemaBuilder('BYTES').name(LogicalName.decimal).version(1).parameter('scale', String(scale))
  }
  static date(): SchemaBuilder {
    return new SchemaBuilder('INT32').name(LogicalName.date).version(1)
  }
  static time(): SchemaBuilder {
    return new SchemaBuilder('INT32').name(LogicalName.time).version(1)
  }
  static timestamp(): SchemaBuilder {
    return new SchemaBuilder('INT64').name(LogicalName.timestamp).version(1)
  }

  optional(): this {
    return this.#setOnce('optional', true)
  }
  required(): this {
    return this.#setOnce('optional', false)
  }
  name(name: string): this {
    return this.#setOnce('name', name)
  }
  version(version: number): this {
    return this.#setOnce('version', version)
  }
  doc(doc: string): this {
    return this.#setOnce('doc', doc)
  }

  /** Sets one parameter; a second value for the same key replaces the first. */
  parameter(key: string, value: string): this {
    this.#parameters ??= new Map()
    this.#parameters.set(key, value)
    return this
  }

  parameters(parameters: ReadonlyMap<string, string> | Readonly<Record<string, string>>): this {
    const entries = parameters instanceof Map ? parameters : Object.entries(parameters)
    for (const [key, value] of entries) this.parameter(key, value)
    return this
  }

  /** The value that stands for an absent one; must fit the schema as built so far. */
  defaultValue(value: Value): this {
    this.#checkUnset('default', value)
    try {
      this.#set.set('default', validateValue(this.build(), value))
    } catch (cause) {
      throw refuse('Invalid default value', cause)
    }
    return this
  }

  /** Adds a field; the order of the calls is the order of the fields. */
  field(name: string, schema: Schema): this {
    const fields = this.#fields
    if (fields === null) throw refuse(`Cannot create fields on type ${this.#type}`)
    if ((name as string | null) === null || name === '') throw refuse('fieldName cannot be null.')
    if ((schema as Schema | null) === null) throw refuse(`fieldSchema for field ${name} cannot be null.`)
    if (fields.has(name)) throw refuse(`Cannot create field because of field name duplication ${name}`)
    fields.set(name, Object.freeze({ name, index: fields.size, schema }))
    return this
  }

  /** The fields so far; for transforms that build one schema after another. */
  fields(): readonly Field[] {
    return this.#fields === null ? [] : [...this.#fields.values()]
  }

  /** The schema. The builder may be used further; what it has built does not change. */
  build(): Schema {
    const properties: SchemaProperties = {
      type: this.#type,
      optional: (this.#set.get('optional') as boolean | undefined) ?? false,
      name: (this.#set.get('name') as string | undefined) ?? null,
      version: (this.#set.get('version') as number | undefined) ?? null,
      doc: (this.#set.get('doc') as string | undefined) ?? null,
      parameters: this.#parameters === null ? null : new Map(this.#parameters),
      defaultValue: (this.#set.get('default') as Value | undefined) ?? null,
      fields: this.#fields === null ? null : Object.freeze([...this.#fields.values()]),
      keySchema: this.#keySchema,
      valueSchema: this.#valueSchema,
    }
    return createSchema(properties)
  }

  #checkUnset(property: Once, value: unknown): void {
    const known = this.#set.get(property)
    if (known === undefined || known === null || Object.is(known, value)) return
    throw refuse(`Invalid SchemaBuilder call: ${property} has already been set.`)
  }

  #setOnce(property: Once, value: unknown): this {
    this.#checkUnset(property, value)
    this.#set.set(property, value)
    return this
  }
}
