import {
  type Config,
  ConfigError,
  configSpec,
  type ConnectRecord,
  DataError,
  type Field,
  field,
  javaHashOrder,
  keyAndValue,
  perSchema,
  type RecordPart,
  Schema,
  SchemaBuilder,
  type Struct,
  structMaker,
  type StructMaker,
  type Transform,
  type TransformDefinition,
  type Value,
} from '@sluice/api'
import { requireMap, requireSinkRecord, requireStruct } from './require-value.ts'

const purpose = 'field insertion'
const suffixes =
  'A name that ends in ! makes a required field, one that ends in ? an optional one, which is the default.'

const config = configSpec({
  'topic.field': field.string({ doc: `Field for the topic of the record. ${suffixes}`, optional: true }),
  'partition.field': field.string({ doc: `Field for the partition of the record. ${suffixes}`, optional: true }),
  'offset.field': field.string({
    doc: `Field for the offset of the record, in sinks only. ${suffixes}`,
    optional: true,
  }),
  'timestamp.field': field.string({ doc: `Field for the timestamp of the record. ${suffixes}`, optional: true }),
  'static.field': field.string({ doc: `Field for the text of static.value. ${suffixes}`, optional: true }),
  'static.value': field.string({ doc: 'Text that static.field gets in every record.', optional: true }),
  'replace.null.with.default': field.boolean({
    doc: 'Whether null in a field that has a default becomes the default.',
    default: true,
  }),
})

/** One field to insert. */
interface Insertion {
  readonly name: string
  readonly schema: Schema
  /** The value in a struct; null when the record has none. */
  valueOf(record: ConnectRecord): Value
  /** The value in a schemaless map, where it is another one. */
  plainValueOf?(record: ConnectRecord): Value
}

type Source = Omit<Insertion, 'name' | 'schema'> & { readonly required: Schema; readonly optional: Schema }

const topic: Source = { required: Schema.string, optional: Schema.optionalString, valueOf: (record) => record.topic }
const partition: Source = {
  required: Schema.int32,
  optional: Schema.optionalInt32,
  valueOf: (record) => record.partition,
}
const offset: Source = {
  required: Schema.int64,
  optional: Schema.optionalInt64,
  valueOf: (record) => requireSinkRecord(record, purpose).offset,
}
const timestamp: Source = {
  required: Schema.timestamp,
  optional: Schema.optionalTimestamp,
  valueOf: ({ timestamp: ms }) => (ms === null ? null : new Date(ms)),
  plainValueOf: ({ timestamp: ms }) => ms,
}

function staticText(text: string): Source {
  return { required: Schema.string, optional: Schema.optionalString, valueOf: () => text }
}

function insertion(setting: string | undefined, source: Source): readonly Insertion[] {
  if (setting === undefined) return []
  const { required, optional, ...rest } = source
  const isRequired = setting.endsWith('!')
  const name = isRequired || setting.endsWith('?') ? setting.slice(0, -1) : setting
  return [{ ...rest, name, schema: isRequired ? required : optional }]
}

function insertionsOf(settings: Config<typeof config>): readonly Insertion[] {
  const { 'static.field': staticField, 'static.value': staticValue } = settings
  const insertions = [
    ...insertion(settings['topic.field'], topic),
    ...insertion(settings['partition.field'], partition),
    ...insertion(settings['offset.field'], offset),
    ...insertion(settings['timestamp.field'], timestamp),
    ...insertion(staticField, staticText(staticValue ?? '')),
  ]
  if (insertions.length === 0) throw new ConfigError('No field insertion configured')
  if (staticField !== undefined && staticValue === undefined) {
    const found = `No value specified for static field: ${staticField}`
    const message = `Invalid value null for configuration static.value: ${found}`
    throw new ConfigError(message, [{ key: 'static.value', message }])
  }
  return insertions
}

/** What is compiled for a schema: the schema with the new fields, and how to make its structs. */
interface Plan {
  readonly schema: Schema
  readonly fields: readonly Field[]
  readonly maker: StructMaker
}

function planOf(schema: Schema, insertions: readonly Insertion[]): Plan {
  const builder = SchemaBuilder.struct()
  if (schema.name !== null) builder.name(schema.name)
  if (schema.version !== null) builder.version(schema.version)
  if (schema.doc !== null) builder.doc(schema.doc)
  if (schema.parameters !== null) builder.parameters(schema.parameters)
  const fields = schema.fields ?? []
  for (const each of fields) builder.field(each.name, each.schema)
  for (const each of insertions) builder.field(each.name, each.schema)
  const inserted = builder.build()
  return { schema: inserted, fields, maker: structMaker(inserted) }
}

function createInsertField(settings: Config<typeof config>, part: RecordPart): Transform {
  const insertions = insertionsOf(settings)
  const replacesNull = settings['replace.null.with.default']
  const compiled = perSchema((schema) => planOf(schema, insertions))

  function insertIntoStruct<R extends ConnectRecord>(record: R, schema: Schema, value: Value): R {
    const struct = requireStruct(schema, value, purpose)
    const plan = compiled(schema)
    const values = plan.fields.map((each) => copiedValue(struct, each, replacesNull))
    for (const each of insertions) values.push(each.valueOf(record))
    return part.replace(record, plan.schema, plan.maker.fromValues(values))
  }

  function insertIntoMap<R extends ConnectRecord>(record: R, value: Value): R {
    const entries = insertions.flatMap((each): (readonly [string, Value])[] => {
      const plain = each.plainValueOf === undefined ? each.valueOf(record) : each.plainValueOf(record)
      return plain === null ? [] : [[each.name, plain]]
    })
    const copy = withEntries(requireMap(value, purpose), entries)
    return part.replace(record, null, copy)
  }

  return {
    apply(record) {
      const value = part.valueOf(record)
      if (value === null) return record
      const schema = part.schemaOf(record)
      return schema === null ? insertIntoMap(record, value) : insertIntoStruct(record, schema, value)
    },
  }
}

/**
 * A copy of a schemaless map with more entries, in the order of the HashMap that Apache's transform makes: the bytes of
 * a record key follow from it, and from these the partition. Keys that look like integers come first in an object.
 */
function withEntries(
  map: Struct | ReadonlyMap<Value, Value>,
  entries: readonly (readonly [string, Value])[],
): Struct | ReadonlyMap<Value, Value> {
  const all = new Map<Value, Value>([...(map instanceof Map ? map : Object.entries(map)), ...entries])
  const copied = map instanceof Map ? map.size : Object.keys(map).length
  const keys = [...all.keys()]
  if (!keys.every((key) => typeof key === 'string')) return all
  const ordered = javaHashOrder(keys, copied).map((key) => [key, all.get(key) ?? null] as const)
  return map instanceof Map ? new Map<Value, Value>(ordered) : Object.fromEntries(ordered)
}

function copiedValue(struct: Struct, { name, schema }: Field, replacesNull: boolean): Value {
  const own = name in Object.prototype && !Object.hasOwn(struct, name) ? null : (struct[name] ?? null)
  const value = own === null && replacesNull ? schema.defaultValue : own
  if (value !== null || schema.optional) return value
  throw new DataError(`Invalid value: null used for required field: "${name}", schema type: ${schema.type}`)
}

/** InsertField$Key and InsertField$Value: adds fields with what is known of a record, or a fixed text. */
export const insertField: readonly [TransformDefinition<typeof config>, TransformDefinition<typeof config>] =
  keyAndValue({
    name: 'insert-field',
    className: 'org.apache.kafka.connect.transforms.InsertField',
    summary: 'Inserts fields with the metadata of the record or a fixed text.',
    config,
    create: createInsertField,
  })
