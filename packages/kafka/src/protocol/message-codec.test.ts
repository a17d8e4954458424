import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProtocolError } from '../errors/protocol-error.ts'
import { apis } from './api-table.ts'
import { inVersions } from './field-spec.ts'
import type { FieldSpec } from './field-spec.ts'
import { MessageCodec } from './message-codec.ts'
import { consumerAssignment, consumerSubscription } from './messages/consumer-protocol.ts'
import { bodyArbitrary, withDefaults } from './testing/message-arbitrary.ts'
import type { Plain } from './testing/message-arbitrary.ts'
import { WireWriter } from './wire-writer.ts'

interface Case {
  readonly codec: MessageCodec
  readonly fields: readonly FieldSpec[]
  readonly version: number
  readonly flexible: boolean
}

const cases: Case[] = []
for (const api of apis) {
  for (let version = api.minVersion; version <= api.maxVersion; version++) {
    const flexible = api.flexible(version)
    cases.push({ codec: api.request, fields: api.spec.request, version, flexible })
    cases.push({ codec: api.response, fields: api.spec.response, version, flexible })
  }
}
for (const { name, fields } of [consumerSubscription, consumerAssignment]) {
  const codec = new MessageCodec(name, fields, 'none')
  for (let version = 0; version <= 3; version++) cases.push({ codec, fields, version, flexible: false })
}

function encode({ codec, version }: Case, body: object): Buffer {
  const writer = new WireWriter()
  writer.begin(codec.label, version)
  codec.encode(writer, version, body)
  return writer.whole()
}

function decode({ codec, version }: Case, bytes: Buffer): unknown {
  const reader = codec.reader(bytes, 0, version)
  const body = codec.decode(reader, version)
  reader.expectEnd(bytes.length, 'the body')
  return body
}

describe('every message in every version', () => {
  test('what is encoded is decoded to the same values, with defaults for the rest', () => {
    for (const one of cases) {
      fc.assert(
        fc.property(bodyArbitrary(one.fields, one.version), (body) => {
          const bytes = encode(one, body)
          const decoded = decode(one, bytes)
          expect(decoded).toEqual(withDefaults(one.fields, body))
          expect(encode(one, decoded as object).equals(bytes)).toBe(true)
        }),
        { seed: 20260701, numRuns: 40 },
      )
    }
  })

  test('fields left out get their defaults, or are refused where a default may not be written', () => {
    for (const one of cases) {
      const illegal = one.fields.some(
        (field) => field.default === null && inVersions(field.versions, one.version) && !mayBeNull(field, one.version),
      )
      if (illegal) expect(() => encode(one, {})).toThrow('is null, which this version does not allow')
      else expect(decode(one, encode(one, {}))).toEqual(withDefaults(one.fields, {}))
    }
  })

  test('null is refused at every field that may not be null, and the field is named', () => {
    for (const one of cases) {
      for (const field of one.fields) {
        if (!inVersions(field.versions, one.version) || mayBeNull(field, one.version)) continue
        const body = fc.sample(bodyArbitrary(one.fields, one.version), { seed: 7, numRuns: 1 })[0] as Plain
        expect(() => encode(one, { ...body, [field.name]: null })).toThrow(field.name)
      }
    }
  })

  test('a value is refused in versions without the field, or dropped where the table says so', () => {
    for (const one of cases) {
      const body = fc.sample(bodyArbitrary(one.fields, one.version), { seed: 8, numRuns: 1 })[0] as Plain
      for (const field of one.fields) {
        if (inVersions(field.versions, one.version)) continue
        const value = { boolean: true, string: 'x', '[]struct': [{}], '[]string': ['x'] }[field.type as string] ?? 17
        if (field.type === 'struct' || field.type === 'uuid' || field.type === 'bigint') continue
        const given = field.default === true ? { ...body, [field.name]: false } : { ...body, [field.name]: value }
        if (field.ignorable === true) expect(encode(one, given).equals(encode(one, body))).toBe(true)
        else expect(() => encode(one, given)).toThrow(`${field.name} is set, which this version cannot carry`)
      }
    }
  })

  test('tagged fields that we do not know are passed over', () => {
    for (const one of cases) {
      if (!one.flexible) continue
      const body = fc.sample(bodyArbitrary(one.fields, one.version), { seed: 9, numRuns: 1 })[0] as Plain
      const untagged = Object.fromEntries(
        Object.entries(body).filter(([name]) => one.fields.find((field) => field.name === name)?.tag === undefined),
      )
      const bytes = encode(one, untagged)
      // The body ends with an empty tagged section: put a field there, with a tag that no table has.
      const more = Buffer.concat([bytes.subarray(0, -1), Buffer.from([1, 0xe7, 0x07, 3, 1, 2, 3])])
      expect(decode(one, more)).toEqual(decode(one, bytes))
    }
  })
})

function mayBeNull(field: FieldSpec, version: number): boolean {
  return field.nullable !== undefined && inVersions(field.nullable, version)
}

describe('hostile bytes', () => {
  const samples = cases.flatMap((one) =>
    fc.sample(bodyArbitrary(one.fields, one.version), { seed: 4, numRuns: 2 }).map((body) => [one, body] as const),
  )

  test('a body cut anywhere is refused with the message, the version and a position within it', () => {
    for (const [one, body] of samples) {
      const bytes = encode(one, body)
      for (let length = 0; length < bytes.length; length++) {
        // The bytes after the cut stay in memory behind the view: reading on would go unnoticed.
        const cut = bytes.subarray(0, length)
        const error = failureOf(() => decode(one, cut))
        const place = error instanceof ProtocolError ? error.place : undefined
        const right =
          place?.message === one.codec.label && place.version === one.version && (place.position ?? Infinity) <= length
        if (!right) expect.fail(`${one.codec.label} ${one.version} cut to ${length}: ${String(error)}`)
      }
    }
  })

  test('flipped bits and forged lengths end in a ProtocolError or in a body, nothing else', () => {
    const random = seeded(20260702)
    for (const [one, body] of samples) {
      const bytes = encode(one, body)
      if (bytes.length === 0) continue
      for (let round = 0; round < 60; round++) {
        const forged = Buffer.from(bytes)
        const at = random(forged.length)
        if (round % 3 === 0) forged.fill(0xff, at, Math.min(forged.length, at + 1 + random(5)))
        else if (round % 3 === 1) forged[at] = (forged[at] ?? 0) ^ (1 << random(8))
        else forged.fill(0x7f, at, Math.min(forged.length, at + 4))
        const error = failureOf(() => decode(one, forged))
        if (error !== undefined && !(error instanceof ProtocolError)) throw error
      }
    }
  })

  test('an array that claims more elements than bytes are left is refused before anything is made for it', () => {
    const metadata = apis.find(({ name }) => name === 'Metadata')
    const frame = Buffer.alloc(40)
    frame.writeInt32BE(0x7fffffff, 4)
    const reader = metadata!.response.reader(frame, 0, 3)
    expect(() => metadata!.response.decode(reader, 3)).toThrow(
      'Metadata response version 3 at byte 8: brokers claims 2147483647 elements, 32 bytes are left',
    )
  })
})

function failureOf(action: () => unknown): unknown {
  try {
    action()
    return undefined
  } catch (error) {
    return error
  }
}

/** A small generator with a fixed seed: numbers from 0 up to a limit. */
function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
