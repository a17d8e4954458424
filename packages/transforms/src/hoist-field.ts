import {
  configSpec,
  type ConnectRecord,
  DataError,
  field,
  keyAndValue,
  perSchema,
  type RecordPart,
  type Schema,
  SchemaBuilder,
  structMaker,
  type Transform,
  type TransformDefinition,
  type Value,
} from '@sluice/api'

const config = configSpec({
  field: field.string({ doc: 'Name of the field that the value is put into.' }),
})

function createHoistField(name: string, part: RecordPart): Transform {
  const hoistedOf = perSchema((schema) => {
    const hoisted = SchemaBuilder.struct().field(name, schema).build()
    return { schema: hoisted, maker: structMaker(hoisted) }
  })

  function hoistWithSchema<R extends ConnectRecord>(record: R, schema: Schema, value: Value): R {
    const hoisted = hoistedOf(schema)
    if (value === null && !schema.optional) {
      throw new DataError(`Invalid value: null used for required field: "${name}", schema type: ${schema.type}`)
    }
    return part.replace(record, hoisted.schema, hoisted.maker.fromValues([value]))
  }

  return {
    apply(record) {
      const schema = part.schemaOf(record)
      const value = part.valueOf(record)
      return schema === null ? part.replace(record, null, { [name]: value }) : hoistWithSchema(record, schema, value)
    },
  }
}

/** HoistField$Key and HoistField$Value: wraps a key or value into a struct, or a map when it has no schema, of one field. */
export const hoistField: readonly [TransformDefinition<typeof config>, TransformDefinition<typeof config>] =
  keyAndValue({
    name: 'hoist-field',
    className: 'org.apache.kafka.connect.transforms.HoistField',
    summary: 'Wraps data into a struct or map of one field.',
    config,
    create: (settings, part) => createHoistField(settings.field, part),
  })
