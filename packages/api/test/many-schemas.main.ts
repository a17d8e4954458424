// Run by schema-memory.test.ts with a small heap: a program of its own, because a heap can only be limited per process.
import { perSchema, Schema, SchemaBuilder, structMaker, toJson, validateValue } from '@sluice/api'

const schemas = Number(process.argv[2])
const collected = { schemas: 0, compiled: 0 }
const graves = new FinalizationRegistry<keyof typeof collected>((kind) => collected[kind]++)
const compiledFor = perSchema((schema) => ({ name: schema.name, bytes: new Uint8Array(256) }))

function distinctSchema(i: number): Schema {
  return SchemaBuilder.struct()
    .name(`row ${i}`)
    .field(`id ${i}`, Schema.int64)
    .field('name', Schema.optionalString)
    .field('list', SchemaBuilder.array(SchemaBuilder.int32().doc(`doc ${i}`).build()).build())
    .build()
}

function use(i: number): void {
  const schema = distinctSchema(i)
  if (distinctSchema(i) !== schema) throw new Error(`Schema ${i} was built twice and is two.`)
  const struct = validateValue(schema, structMaker(schema).fromValues([BigInt(i), null, [i]]))
  if (toJson(struct, schema) !== `{"id ${i}":${i},"name":null,"list":[${i}]}`) throw new Error(`Struct ${i} is wrong.`)
  // Registering each would keep a million cells alive and measure them instead.
  if (i % 100 === 0) {
    graves.register(schema, 'schemas')
    graves.register(compiledFor(schema), 'compiled')
  } else {
    compiledFor(schema)
  }
}

async function collect(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

// In one go, without giving way to the event loop: the hardest case for what is held weakly.
for (let i = 0; i < schemas; i++) use(i)
await collect()
const heapUsed = process.memoryUsage().heapUsed

// A schema in use stays the one for its equals, whatever was collected meanwhile.
const kept = distinctSchema(-1)
await collect()
const known = distinctSchema(-1) === kept
process.stdout.write(JSON.stringify({ registered: Math.ceil(schemas / 100), ...collected, heapUsed, known }))
