import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { javaHashOrder, javaStringHash } from './java-hash-order.ts'

interface Case {
  readonly put: readonly string[]
  readonly iterated: readonly string[]
}

const cases = JSON.parse(readFileSync(new URL('./testdata/hash-orders.json', import.meta.url), 'utf8')) as Case[]

test.each(cases)('iterates over $put as Java does', ({ put, iterated }) => {
  expect(javaHashOrder(put)).toEqual(iterated)
})

test('hashes as String.hashCode', () => {
  expect(javaStringHash('')).toBe(0)
  expect(javaStringHash('Aa')).toBe(javaStringHash('BB'))
  expect(javaStringHash('filename')).toBe(-734768633)
})
