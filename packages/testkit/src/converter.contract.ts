import assert from 'node:assert/strict'
import { type Converter, equalValues, isConnectError, type Schema, schemaEquals, type Value } from '@sluice/api'
import { type ContractCase, type Skipped, withoutSkipped } from './contract-case.ts'

/** A value that a converter carries. */
export interface ConverterExample {
  readonly schema: Schema | null
  readonly value: Value
  /** What comes back of it, where that is not the same. */
  readonly readBack?: { readonly schema: Schema | null; readonly value: Value }
}

/** The converter under test. */
export interface ConverterContractOptions {
  readonly create: () => Converter
  readonly examples: readonly ConverterExample[]
  /** Bytes that it must refuse. */
  readonly garbage: readonly Uint8Array[]
  readonly skip?: readonly Skipped[]
}

const topic = 'topic'

/** The rules that every converter keeps. */
export function converterContract(options: ConverterContractOptions): readonly ContractCase[] {
  const { create, examples, garbage, skip = [] } = options
  const write = (converter: Converter, { schema, value }: ConverterExample): Uint8Array | null =>
    converter.fromConnectData(topic, [], schema, value)

  const cases: ContractCase[] = [
    {
      name: 'carries a tombstone as null, both ways',
      run() {
        assert.equal(create().fromConnectData(topic, [], null, null), null)
        assert.equal(create().toConnectData(topic, [], null).value, null)
      },
    },
    {
      name: 'reads back what it wrote',
      run() {
        const converter = create()
        for (const example of examples) assertReadBack(converter, example, write(converter, example))
      },
    },
    {
      name: 'keeps nothing of the bytes that it read',
      run() {
        const converter = create()
        for (const example of examples) {
          const bytes = write(converter, example)
          if (bytes === null) continue
          const lent = Uint8Array.from(bytes)
          const read = converter.toConnectData(topic, [], lent)
          lent.fill(0x20)
          assertReadBack({ ...converter, toConnectData: () => read }, example, bytes)
        }
      },
    },
    {
      name: 'writes the same bytes for the same value, whatever came between',
      run() {
        const converter = create()
        const first = examples.map((example) => write(converter, example))
        const again = examples.toReversed().map((example) => write(converter, example))
        assert.deepEqual(again.toReversed().map(hex), first.map(hex))
        assert.deepEqual(examples.map((example) => write(create(), example)).map(hex), first.map(hex))
      },
    },
    {
      name: 'writes bytes that later calls leave alone',
      run() {
        const converter = create()
        const written = examples.map((example) => {
          const bytes = write(converter, example)
          return { bytes, atOnce: hex(bytes) }
        })
        for (const { bytes, atOnce } of written) assert.equal(hex(bytes), atOnce)
      },
    },
    {
      name: 'refuses bytes that it cannot read with an error of ours',
      run() {
        const converter = create()
        for (const bytes of garbage) {
          assert.throws(() => converter.toConnectData(topic, [], bytes), isConnectError, `read ${hex(bytes)}`)
        }
      },
    },
  ]
  return withoutSkipped(cases, skip)
}

function assertReadBack(converter: Converter, example: ConverterExample, bytes: Uint8Array | null): void {
  const expected = example.readBack ?? example
  const read = converter.toConnectData(topic, [], bytes)
  const context = `of the bytes ${hex(bytes)}`
  assert.ok(schemaEquals(read.schema, expected.schema), `the schema ${context} is another`)
  assert.ok(equalValues(read.value, expected.value), `the value ${context} is another`)
}

function hex(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : Buffer.from(bytes).toString('hex')
}
