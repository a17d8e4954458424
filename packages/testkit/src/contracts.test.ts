import { type ConnectRecord, type Converter, newRecord, Schema, type Struct, type Transform } from '@sluice/api'
import { describe, expect, test } from 'vitest'
import type { ContractCase } from './contract-case.ts'
import { converterContract } from './converter.contract.ts'
import { sinkRecordOf } from './run-sink-task.ts'
import { transformContract } from './transform.contract.ts'

function broken(cases: readonly ContractCase[]): readonly string[] {
  return cases.filter(({ run }) => fails(run)).map(({ name }) => name)
}

function fails(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}

const copying: Converter = {
  fromConnectData: (_topic, _headers, _schema, value) => (value === null ? null : Buffer.from(value as Uint8Array)),
  toConnectData: (_topic, _headers, bytes) => ({
    schema: Schema.bytes,
    value: bytes === null ? null : Uint8Array.from(bytes),
  }),
}
const examples = [
  { schema: Schema.bytes, value: Uint8Array.of(1, 2) },
  { schema: Schema.bytes, value: Uint8Array.of(3) },
]
const contractOf = (converter: Converter, garbage: readonly Uint8Array[] = []): readonly ContractCase[] =>
  converterContract({ create: () => converter, examples, garbage })

describe('the contract of converters', () => {
  test('holds for one that copies', () => {
    expect(broken(contractOf(copying))).toEqual([])
  })

  test('catches one that keeps the bytes it was lent', () => {
    const lending: Converter = {
      ...copying,
      toConnectData: (_topic, _headers, bytes) => ({ schema: Schema.bytes, value: bytes }),
    }
    expect(broken(contractOf(lending))).toEqual(['keeps nothing of the bytes that it read'])
  })

  test('catches one that hands out the same bytes again', () => {
    const buffer = Buffer.alloc(2)
    const reusing: Converter = {
      ...copying,
      fromConnectData(_topic, _headers, _schema, value) {
        if (value === null) return null
        buffer.set(value as Uint8Array)
        return buffer.subarray(0, (value as Uint8Array).length)
      },
    }
    expect(broken(contractOf(reusing))).toContain('writes bytes that later calls leave alone')
  })

  test('catches one that reads garbage', () => {
    expect(broken(contractOf(copying, [Uint8Array.of(0)]))).toEqual([
      'refuses bytes that it cannot read with an error of ours',
    ])
  })

  test('leaves out what is skipped, and knows every name that is skipped', () => {
    const skip = [{ reason: 'reads anything', tests: ['refuses bytes that it cannot read with an error of ours'] }]
    const cases = converterContract({ create: () => copying, examples, garbage: [Uint8Array.of(0)], skip })
    expect(broken(cases)).toEqual([])
    const wrong = [{ reason: 'none', tests: ['no such rule'] }]
    expect(() => converterContract({ create: () => copying, examples, garbage: [], skip: wrong })).toThrow(
      'no such rule',
    )
  })
})

describe('the contract of transforms', () => {
  const records = [sinkRecordOf({ value: { a: 1 } }), sinkRecordOf({ value: { a: 2 }, offset: 1 })]
  const contract = (apply: (record: ConnectRecord) => ConnectRecord | null): readonly ContractCase[] =>
    transformContract({ create: () => ({ apply }) as Transform, records })

  test('holds for one that copies', () => {
    expect(broken(contract((record) => newRecord(record, { topic: 'x' })))).toEqual([])
    expect(broken(contract(() => null))).toEqual([])
  })

  test('catches one that changes what it was given', () => {
    const found = broken(
      contract((record) => {
        ;(record.value as { a: number } & Struct).a += 1
        return record
      }),
    )
    expect(found).toContain('leaves the record that it is given as it is')
  })

  test('catches one that remembers', () => {
    let n = 0
    const found = broken(contract((record) => newRecord(record, { topic: String(n++) })))
    expect(found).toEqual(['gives the same for the same record, whatever came between'])
  })

  test('catches one that loses where a record comes from', () => {
    expect(broken(contract((record) => ({ ...record, offset: 77 })))).toEqual(['keeps where a record comes from'])
  })
})
