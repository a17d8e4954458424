import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { javaHashOrder, javaStringHash } from './java-hash-order.ts'

/** Written by testdata/JavaHashOrders.java. */
interface Case {
  readonly copied: readonly string[]
  readonly put: readonly string[]
  readonly iterated: readonly string[]
}

const file = new URL('../../testdata/java-hash-orders.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[]

test('iterates as a Java HashMap does, made empty or as a copy', () => {
  expect(cases.length).toBeGreaterThan(300)
  for (const { copied, put, iterated } of cases) {
    const keys = [...new Set([...copied, ...put])]
    expect(javaHashOrder(keys, copied.length), `copied ${copied.join()}, put ${put.join()}`).toEqual(iterated)
  }
})

test('hashes as String.hashCode', () => {
  expect(javaStringHash('')).toBe(0)
  expect(javaStringHash('Aa')).toBe(javaStringHash('BB'))
  expect(javaStringHash('filename')).toBe(-734768633)
})
