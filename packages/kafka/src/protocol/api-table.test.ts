import { describe, expect, test } from 'vitest'
import { api, apiByKey, apis, commonVersion, offeredVersions } from './api-table.ts'
import { parseVersions } from './field-spec.ts'
import type { FieldSpec } from './field-spec.ts'

function every(fields: readonly FieldSpec[], visit: (field: FieldSpec, tagged: boolean) => void, tagged = false): void {
  for (const field of fields) {
    const inTag = tagged || field.tag !== undefined
    visit(field, inTag)
    every(field.fields ?? [], visit, inTag)
  }
}

describe('the table of messages', () => {
  test('has one API for each key and each name', () => {
    expect(new Set(apis.map(({ key }) => key)).size).toBe(apis.length)
    for (const one of apis) {
      expect(api(one.name)).toBe(one)
      expect(apiByKey(one.key)).toBe(one)
    }
    expect(apiByKey(999)).toBeUndefined()
  })

  test('keeps topic ids out: whoever needs one of these versions must first handle topics without names', () => {
    const caps = { Produce: 12, Fetch: 12, OffsetCommit: 9, OffsetFetch: 9 } as const
    for (const [name, cap] of Object.entries(caps)) expect(api(name as keyof typeof caps).maxVersion).toBe(cap)
  })

  test('writes every mark in a form that is understood, and within the versions of the API', () => {
    for (const { spec, maxVersion } of apis) {
      every([...spec.request, ...spec.response], (field) => {
        for (const mark of [field.versions, field.nullable]) {
          if (mark === undefined || mark === true) continue
          expect(parseVersions(mark).min, field.name).toBeLessThanOrEqual(maxVersion)
        }
        expect(field.type.endsWith('struct'), field.name).toBe(field.fields !== undefined)
      })
    }
  })

  test('has no payload in a tagged field: the writer puts sizes before those after the fact', () => {
    for (const { spec } of apis) {
      every([...spec.request, ...spec.response], (field, tagged) => {
        if (tagged) expect(['bytes', 'records']).not.toContain(field.type)
      })
    }
  })

  test('has flexible headers from the flexible version on, but for answers of ApiVersions', () => {
    expect(api('JoinGroup').requestHeaderVersion(5)).toBe(1)
    expect(api('JoinGroup').requestHeaderVersion(6)).toBe(2)
    expect(api('JoinGroup').responseHeaderVersion(6)).toBe(1)
    expect(api('OffsetDelete').requestHeaderVersion(0)).toBe(1)
    expect(api('ApiVersions').requestHeaderVersion(4)).toBe(2)
    expect(api('ApiVersions').responseHeaderVersion(4)).toBe(0)
  })
})

describe('versions', () => {
  test('agree on the newest that both sides know', () => {
    expect(commonVersion('Fetch', 4, 18)).toBe(12)
    expect(commonVersion('Fetch', 4, 11)).toBe(11)
    expect(commonVersion('Produce', 0, 13)).toBe(12)
    expect(() => commonVersion('Produce', 0, 2)).toThrow(
      'No common version of Produce: the broker offers 0 to 2, this client speaks 3 to 12',
    )
    expect(() => commonVersion('Fetch', 13, 18)).toThrow('No common version of Fetch')
  })

  test('are offered as they are spoken, but for Produce, which librdkafka wants from 0 on', () => {
    expect(offeredVersions).toContainEqual({ apiKey: 0, minVersion: 0, maxVersion: 12 })
    expect(offeredVersions).toContainEqual({ apiKey: 1, minVersion: 4, maxVersion: 12 })
    expect(offeredVersions).toHaveLength(apis.length)
  })

  test('are read in four forms', () => {
    expect(parseVersions('3+')).toEqual({ min: 3, max: Number.MAX_SAFE_INTEGER })
    expect(parseVersions('1-5')).toEqual({ min: 1, max: 5 })
    expect(parseVersions('0')).toEqual({ min: 0, max: 0 })
    expect(parseVersions('none').max).toBeLessThan(parseVersions('none').min)
    expect(() => parseVersions('3..5')).toThrow('Not a range of versions: 3..5')
  })
})
