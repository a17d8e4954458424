/*
 * Converters and transforms alone, record by record, beside what the platform needs for the same text. Nothing of a
 * worker: what is measured is the time of one call. Run with `npm run bench` of the repository, or directly:
 *   node --conditions=sluice-source benchmarks/converters.ts
 */
import { Float64, noHeaders, Schema, SchemaBuilder, sourceRecord } from '@sluice/api'
import { createJsonConverter, createStringConverter } from '@sluice/converters'
import { hoistField, insertField, regexRouter } from '@sluice/transforms'

const rounds = 5
const calls = 200_000

/** The best of some rounds, in nanoseconds a call: the machine's other work only ever makes it slower. */
function measure(name: string, call: (n: number) => unknown): void {
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint()
    for (let n = 0; n < calls; n++) call(n)
    best = Math.min(best, Number(process.hrtime.bigint() - start) / calls)
  }
  console.log(`${name.padEnd(52)} ${best.toFixed(0).padStart(6)} ns ${(1e6 / best).toFixed(0).padStart(6)} k/s`)
}

const address = SchemaBuilder.struct()
  .field('street', Schema.string)
  .field('city', Schema.string)
  .field('zip', Schema.optionalString)
  .build()
const person = SchemaBuilder.struct()
  .name('Person')
  .field('id', Schema.int32)
  .field('name', Schema.string)
  .field('email', Schema.optionalString)
  .field('tags', SchemaBuilder.array(Schema.string).build())
  .field('amount', Schema.float64)
  .field('ok', Schema.boolean)
  .field('ts', Schema.int64)
  .field('address', address)
  .field('note', Schema.string)
  .build()
const value = {
  id: 123456,
  name: 'Anna Müller',
  email: 'anna@example.com',
  tags: ['a', 'b', 'c'],
  amount: 12.5,
  ok: true,
  ts: 1704164645678,
  address: { street: 'Main St 5', city: 'Köln', zip: '50667' },
  note: 'some text of a usual length, nothing special here at all',
}

const plain = createJsonConverter({ schemasEnable: false })
const envelopes = createJsonConverter()
const text = createStringConverter()

/** The converter's own bytes of a value. */
function written(schema: Schema | null, of: typeof value | typeof value.address | string): Buffer {
  return Buffer.from((schema === null ? plain : envelopes).fromConnectData('t', noHeaders, schema, of) ?? [])
}

const document = written(null, value)
const integralFloat = Buffer.from(String(document).replace('12.5', '12.0'))
const envelope = written(person, value)
const bigInteger = Buffer.from(String(envelope).replace('1704164645678', '17041646456781234'))
const alternating = [envelope, written(address, value.address)]
const lines = Array.from({ length: 64 }, (_, n) => `${'abcdefghij klmnop'.repeat(35).slice(0, 588)}${n + 10}`)
const line = (n: number): string => lines[n & 63] ?? ''
const lineBytes = lines.map((each) => Buffer.from(each))
const lineEnvelopes = lines.map((each) => written(Schema.string, each))

console.log(`schemaless, ${document.length} bytes`)
measure('JSON.parse', () => JSON.parse(document.toString()))
measure('read', () => plain.toConnectData('t', [], document))
measure('read, with a 12.0 in it', () => plain.toConnectData('t', [], integralFloat))
measure('JSON.stringify', () => Buffer.from(JSON.stringify(value)))
measure('write', () => plain.fromConnectData('t', noHeaders, null, value))
measure('write, with a Float64 in it', () =>
  plain.fromConnectData('t', noHeaders, null, { ...value, amount: new Float64(12) }),
)

console.log(`envelope, ${envelope.length} bytes`)
measure('JSON.parse', () => JSON.parse(envelope.toString()))
measure('read', () => envelopes.toConnectData('t', [], envelope))
measure('read, two schemas in turn', (n) => envelopes.toConnectData('t', [], alternating[n & 1] ?? envelope))
measure('read, with an integer beyond 2^53', () => envelopes.toConnectData('t', [], bigInteger))
measure('write', () => envelopes.fromConnectData('t', noHeaders, person, value))

console.log('a line of 590 bytes')
measure('Json with schema, write', (n) => envelopes.fromConnectData('t', noHeaders, Schema.string, line(n)))
measure('Json with schema, read', (n) => envelopes.toConnectData('t', [], lineEnvelopes[n & 63] ?? envelope))
measure('Json, write', (n) => plain.fromConnectData('t', noHeaders, Schema.string, line(n)))
measure('String, write', (n) => text.fromConnectData('t', noHeaders, Schema.string, line(n)))
measure('String, read', (n) => text.toConnectData('t', [], lineBytes[n & 63] ?? envelope))

const place = { sourcePartition: { filename: 'f' }, sourceOffset: { position: 1 } }
const lineRecord = sourceRecord({ topic: 'lines', ...place, valueSchema: Schema.string, value: line(0) })
const structRecord = sourceRecord({ topic: 'lines', ...place, valueSchema: person, value, timestamp: 1 })
const [, hoist] = hoistField
const [, insert] = insertField
const created = {
  hoist: hoist.create({ field: 'line' }),
  insert: insert.create({ 'topic.field': 'topic', 'timestamp.field': 'at', 'replace.null.with.default': true }),
  route: regexRouter.create({ regex: '(.*)', replacement: 'x-$1' }),
}

console.log('transforms')
measure('HoistField of a line', () => created.hoist.apply(lineRecord))
measure('InsertField into a struct of nine fields', () => created.insert.apply(structRecord))
measure('RegexRouter', () => created.route.apply(lineRecord))
