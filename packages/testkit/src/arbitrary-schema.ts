import { LogicalName, type Schema, SchemaBuilder, type SchemaType } from '@sluice/api'
import fc from 'fast-check'
import { arbitraryValue } from './arbitrary-value.ts'

/** What schemas to generate. */
export interface ArbitrarySchemaOptions {
  /** How many levels of arrays, maps and structs; 3 unless told. */
  readonly depth?: number
  /** Decimal, Date, Time and Timestamp too; so unless told otherwise. */
  readonly logical?: boolean
  /** Names, versions, docs, parameters and defaults too; so unless told otherwise. */
  readonly annotations?: boolean
}

const primitives: readonly SchemaType[] = [
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FLOAT32',
  'FLOAT64',
  'BOOLEAN',
  'STRING',
  'BYTES',
]

/** Names that break what takes an object for a dictionary or builds code from names. All are legal names of fields. */
export const hostileNames: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '1',
  '007',
  '-1',
  '4294967295',
  'length',
  "it's",
  '"quoted"',
  'back\\slash',
  'line\nend',
  '\u2028',
  '\u0000',
  ' ',
  'a.b',
  '${x}',
  '`',
  '*/',
  'return',
  'ключ',
  '😀',
  '\ud800',
]

/** Names of fields, every third of them hostile. */
export const arbitraryFieldName: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
)

/** A builder that nobody else has touched: builders change, so a generator must make each anew. */
type MakeBuilder = () => SchemaBuilder

const primitiveBuilder: fc.Arbitrary<MakeBuilder> = fc
  .constantFrom(...primitives)
  .map((type) => () => SchemaBuilder.ofType(type))

const logicalBuilder: fc.Arbitrary<MakeBuilder> = fc.oneof(
  fc.constantFrom<MakeBuilder>(SchemaBuilder.date, SchemaBuilder.time, SchemaBuilder.timestamp),
  fc.integer({ min: -3, max: 20 }).map((scale) => () => SchemaBuilder.decimal(scale)),
)

function structBuilder(child: fc.Arbitrary<Schema>): fc.Arbitrary<MakeBuilder> {
  const field = fc.tuple(arbitraryFieldName, child)
  return fc.uniqueArray(field, { maxLength: 8, selector: ([name]) => name }).map((fields) => () => {
    const builder = SchemaBuilder.struct()
    for (const [name, schema] of fields) builder.field(name, schema)
    return builder
  })
}

function containerBuilder(child: fc.Arbitrary<Schema>): fc.Arbitrary<MakeBuilder> {
  return fc.oneof(
    child.map((value) => () => SchemaBuilder.array(value)),
    fc.tuple(child, child).map(
      ([key, value]) =>
        () =>
          SchemaBuilder.map(key, value),
    ),
    structBuilder(child),
  )
}

interface Annotations {
  readonly name: string | null
  readonly version: number | null
  readonly doc: string | null
  readonly parameters: Readonly<Record<string, string>>
}

const noAnnotations: Annotations = { name: null, version: null, doc: null, parameters: {} }

const someAnnotations: fc.Arbitrary<Annotations> = fc.record({
  name: fc.option(
    fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !Object.values<string>(LogicalName).includes(name)),
  ),
  version: fc.option(fc.integer({ min: 1, max: 99 })),
  doc: fc.option(fc.string({ maxLength: 8 })),
  parameters: fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 2 }),
})

function annotate(
  builder: SchemaBuilder,
  isOptional: boolean,
  { name, version, doc, parameters }: Annotations,
): Schema {
  if (isOptional) builder.optional()
  const isLogical = builder.build().name !== null
  if (name !== null && !isLogical) builder.name(name)
  if (version !== null && !isLogical) builder.version(version)
  if (doc !== null) builder.doc(doc)
  if (!isLogical) builder.parameters(parameters)
  return builder.build()
}

/** The same schema with a default; a null default is none. */
function withDefault(schema: Schema): fc.Arbitrary<Schema> {
  return arbitraryValue(schema).map((value) => {
    const { optional, name, version, doc, parameters, keySchema, valueSchema } = schema
    const builder =
      valueSchema === null
        ? SchemaBuilder.ofType(schema.type)
        : keySchema === null
          ? SchemaBuilder.array(valueSchema)
          : SchemaBuilder.map(keySchema, valueSchema)
    for (const field of schema.fields ?? []) builder.field(field.name, field.schema)
    if (optional) builder.optional()
    if (name !== null) builder.name(name)
    if (version !== null) builder.version(version)
    if (doc !== null) builder.doc(doc)
    if (parameters !== null) builder.parameters(parameters)
    return value === null ? builder.build() : builder.defaultValue(value).build()
  })
}

function schemaOf(builder: fc.Arbitrary<MakeBuilder>, annotations: boolean): fc.Arbitrary<Schema> {
  const plain = fc
    .tuple(builder, fc.boolean(), annotations ? someAnnotations : fc.constant(noAnnotations))
    .map(([make, isOptional, of]) => annotate(make(), isOptional, of))
  if (!annotations) return plain
  return fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: plain.chain(withDefault) })
}

/** Schemas of every type, nested, optional and required, with hostile names of fields. */
export function arbitrarySchema(options: ArbitrarySchemaOptions = {}): fc.Arbitrary<Schema> {
  const { depth = 3, logical = true, annotations = true } = options
  const leaf = schemaOf(logical ? fc.oneof(primitiveBuilder, logicalBuilder) : primitiveBuilder, annotations)
  let schema = leaf
  for (let level = 0; level < depth; level++) {
    const container = schemaOf(containerBuilder(schema), annotations)
    schema = fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 2, arbitrary: container })
  }
  return schema
}

/** Struct schemas whose fields are as `arbitrarySchema` has them. */
export function arbitraryStructSchema(options: ArbitrarySchemaOptions = {}): fc.Arbitrary<Schema> {
  const { depth = 2, annotations = true } = options
  return schemaOf(structBuilder(arbitrarySchema({ ...options, depth })), annotations)
}
