// Our client and our embedded broker share one table, so they cannot check each other. This test compares the codecs
// made from it with those of @platformatic/kafka, byte for byte and value for value, in every version that both have.
// What that library lacks (Produce 12) is witnessed by Apache Kafka itself, in `npm run test:kafka`.

import * as library from '@platformatic/kafka'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apis } from './api-table.ts'
import type { Api, ApiName } from './api-table.ts'
import { zeroUuid } from './field-defaults.ts'
import { inVersions } from './field-spec.ts'
import type { FieldSpec } from './field-spec.ts'
import { decodeRequest, decodeRequestHeader, encodeRequest, encodeResponse } from './frame-codec.ts'
import { bodyArbitrary, withDefaults } from './testing/message-arbitrary.ts'
import type { Plain } from './testing/message-arbitrary.ts'

interface LibraryCodec {
  readonly api: { readonly key: number; readonly version: number }
  readonly createRequest: (...args: unknown[]) => { readonly buffer: Buffer }
  readonly parseResponse: (id: number, key: number, version: number, reader: library.Reader) => Plain
}

const codecs = new Map<string, LibraryCodec>()
for (const [name, member] of Object.entries(library)) {
  if (!/V\d+$/.test(name)) continue
  const codec = member as unknown as LibraryCodec
  codecs.set(`${codec.api.key} ${codec.api.version}`, codec)
}

interface Shared {
  readonly api: Api
  readonly version: number
  readonly codec: LibraryCodec
}

const shared: Shared[] = []
const ours: string[] = []
for (const api of apis) {
  for (let version = api.minVersion; version <= api.maxVersion; version++) {
    const codec = codecs.get(`${api.key} ${version}`)
    if (codec === undefined) ours.push(`${api.name} ${version}`)
    else shared.push({ api, version, codec })
  }
}

/** Our values as the library writes them: int64 as bigint, UUIDs in hexadecimal. */
function inLibraryForm(fields: readonly FieldSpec[], body: Plain): Plain {
  return Object.fromEntries(
    fields
      .filter(({ name }) => body[name] !== undefined)
      .map((field) => {
        const value = body[field.name]
        if (value === null) return [field.name, value]
        if (field.fields !== undefined) {
          const inner = field.fields
          if (field.type === 'struct') return [field.name, inLibraryForm(inner, value as Plain)]
          return [field.name, (value as Plain[]).map((element) => inLibraryForm(inner, element))]
        }
        if (field.type === 'int64') return [field.name, BigInt(value as number)]
        if (field.type === 'uuid') return [field.name, hexUuid(value as string)]
        return [field.name, value]
      }),
  )
}

function hexUuid(uuid: string): string {
  const hex = Buffer.from(uuid, 'base64url').toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

// ---- requests

/** The library fixes some fields and cannot write some values: this makes a random body into one that it can write. */
const writable: Partial<Record<ApiName, (body: Plain, version: number) => Plain>> = {
  Fetch: (body) => ({
    ...body,
    replicaId: -1,
    clusterId: null,
    topics: (body['topics'] as Plain[]).map((topic) => ({
      ...topic,
      partitions: (topic['partitions'] as Plain[]).map((partition) => ({ ...partition, logStartOffset: -1 })),
    })),
  }),
  OffsetCommit: (body, version) => (version <= 4 ? { ...body, retentionTimeMs: -1 } : body),
  Metadata: (body, version) =>
    version === 10 || version === 11
      ? {
          ...body,
          topics:
            (body['topics'] as Plain[] | null)?.map(({ name }) => ({ topicId: zeroUuid, name: name ?? 'x' })) ?? null,
        }
      : body,
  ListGroups: (body, version) => ({
    ...body,
    ...(version >= 4 ? { statesFilter: ['Stable', 'Empty'] } : {}),
    ...(version >= 5 ? { typesFilter: ['classic'] } : {}),
  }),
}

/** The arguments of the library's request makers. */
const argumentsOf: Partial<Record<ApiName, (body: Plain, version: number) => unknown[]>> = {
  Fetch: (b) => [
    b['maxWaitMs'],
    b['minBytes'],
    b['maxBytes'],
    b['isolationLevel'],
    b['sessionId'],
    b['sessionEpoch'],
    (b['topics'] as Plain[]).map((topic) => ({ ...topic, topicId: topic['topic'] })),
    b['forgottenTopicsData'],
    b['rackId'],
  ],
  ListOffsets: (b) => [b['replicaId'], b['isolationLevel'], b['topics']],
  OffsetForLeaderEpoch: (b) => [
    b['replicaId'],
    (b['topics'] as Plain[]).map((topic) => ({
      name: topic['topic'],
      partitions: (topic['partitions'] as Plain[]).map((one) => ({ ...one, partitionIndex: one['partition'] })),
    })),
  ],
  InitProducerId: (b) => [b['transactionalId'], b['transactionTimeoutMs'], b['producerId'], b['producerEpoch']],
  ApiVersions: (b) => [b['clientSoftwareName'], b['clientSoftwareVersion']],
  Metadata: (b) => [
    b['topics'],
    b['allowAutoTopicCreation'],
    b['includeTopicAuthorizedOperations'],
    b['includeClusterAuthorizedOperations'],
  ],
  DescribeCluster: (b) => [b['includeClusterAuthorizedOperations'], b['endpointType']],
  FindCoordinator: (b, version) => [b['keyType'], version < 4 ? [b['key']] : b['coordinatorKeys']],
  JoinGroup: (b) => [
    b['groupId'],
    b['sessionTimeoutMs'],
    b['rebalanceTimeoutMs'],
    b['memberId'],
    b['groupInstanceId'],
    b['protocolType'],
    b['protocols'],
    b['reason'],
  ],
  SyncGroup: (b) => [
    b['groupId'],
    b['generationId'],
    b['memberId'],
    b['groupInstanceId'],
    b['protocolType'],
    b['protocolName'],
    b['assignments'],
  ],
  Heartbeat: (b) => [b['groupId'], b['generationId'], b['memberId'], b['groupInstanceId']],
  LeaveGroup: (b, version) => [b['groupId'], version < 3 ? [{ memberId: b['memberId'] }] : b['members']],
  OffsetCommit: (b) => [b['groupId'], b['generationIdOrMemberEpoch'], b['memberId'], b['groupInstanceId'], b['topics']],
  OffsetFetch: (b, version) => [
    version < 8 ? [{ groupId: b['groupId'], topics: b['topics'] }] : b['groups'],
    b['requireStable'],
  ],
  OffsetDelete: (b) => [b['groupId'], b['topics']],
  DescribeGroups: (b) => [b['groups'], b['includeAuthorizedOperations']],
  ListGroups: (b) => [b['statesFilter'], b['typesFilter']],
  DeleteGroups: (b) => [b['groupsNames']],
  CreateTopics: (b) => [b['topics'], b['timeoutMs'], b['validateOnly']],
  DeleteTopics: (b, version) => [
    version < 6 ? (b['topicNames'] as string[]).map((name) => ({ name })) : b['topics'],
    b['timeoutMs'],
  ],
  CreatePartitions: (b) => [b['topics'], b['timeoutMs'], b['validateOnly']],
  DeleteRecords: (b) => [b['topics'], b['timeoutMs']],
  DescribeConfigs: (b) => [b['resources'], b['includeSynonyms'], b['includeDocumentation']],
  IncrementalAlterConfigs: (b) => [b['resources'], b['validateOnly']],
}

// ---- responses

/** The library fails on error codes that it does not know: these it knows. */
function withKnownErrors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKnownErrors)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  const known = [0, 3, 6, 16, 27]
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'errorCode' ? known[Math.abs(member as number) % known.length] : withKnownErrors(member),
    ]),
  )
}

/** The parts of a random response that the library would read as something else. */
const readable: Partial<Record<ApiName, (body: Plain) => Plain>> = {
  // It stops reading at an error code here.
  ApiVersions: (body) => ({ ...body, errorCode: 0 }),
  CreateTopics: (body) => ({
    ...body,
    topics: (body['topics'] as Plain[]).map((topic) =>
      'topicConfigErrorCode' in topic ? { ...topic, topicConfigErrorCode: 0 } : topic,
    ),
  }),
  Fetch: (body) => ({
    ...body,
    responses: (body['responses'] as Plain[]).map((topic) => ({
      ...topic,
      partitions: (topic['partitions'] as Plain[]).map((partition) => ({ ...partition, records: null })),
    })),
  }),
}

/** How the library arranges a response where it differs from Kafka. */
const arranged: Partial<Record<ApiName, (value: Plain, version: number) => Plain>> = {
  Fetch: (value) => ({
    ...value,
    responses: (value['responses'] as Plain[]).map((topic) => ({ ...topic, topic: topic['topicId'] })),
  }),
  // It passes over this tagged field in versions 5 and 6.
  CreateTopics: (value) => ({
    ...value,
    topics: (value['topics'] as Plain[]).map((topic) => ({ topicConfigErrorCode: 0, ...topic })),
  }),
  FindCoordinator: (value, version) => (version < 4 ? { ...value, ...(value['coordinators'] as Plain[])[0] } : value),
}

/** Every value that we wrote must be among what the library read; what it adds of its own is no difference. */
function expectSame(theirs: unknown, mine: unknown, path: string): void {
  if (Array.isArray(mine)) {
    if (!Array.isArray(theirs)) expect.fail(`${path}: we wrote an array, the library read ${String(theirs)}`)
    expect(theirs.length, path).toBe(mine.length)
    mine.forEach((element, i) => expectSame((theirs as unknown[])[i], element, `${path}[${i}]`))
    return
  }
  if (typeof mine === 'object' && mine !== null && !Buffer.isBuffer(mine)) {
    for (const [name, value] of Object.entries(mine)) expectSame((theirs as Plain)[name], value, `${path}.${name}`)
    return
  }
  expect(theirs, path).toEqual(mine)
}

function parse({ api, version, codec }: Shared, body: Buffer): { readonly value: Plain; readonly left: number } {
  const reader = library.Reader.from(body)
  try {
    const value = codec.parseResponse(0, api.key, version, reader)
    return { value, left: reader.remaining }
  } catch (error) {
    // An error code in the body makes the library throw; what it read is kept.
    const { response } = error as { readonly response?: Plain }
    if (response === undefined) throw error
    return { value: response, left: reader.remaining }
  }
}

describe('the codecs of @platformatic/kafka', () => {
  test('cover every version that we use but these', () => {
    expect(ours).toEqual(['Produce 12'])
  })

  for (const one of shared) {
    const { api, version, codec } = one
    const { name, spec } = api
    if (name !== 'Produce') {
      test(`${name} ${version}: both write the same request`, () => {
        fc.assert(
          fc.property(bodyArbitrary(spec.request, version), (random) => {
            const body = writable[name]?.(random, version) ?? random
            const full = inLibraryForm(spec.request, withDefaults(spec.request, body))
            const theirs = codec.createRequest(...argumentsOf[name]!(full, version)).buffer
            const frame = encodeRequest(name, version, { correlationId: 1, clientId: 'c' }, body as never).subarray(4)
            const mine = frame.subarray(decodeRequestHeader(frame).bodyOffset)
            expect(mine.toString('hex')).toBe(theirs.toString('hex'))
          }),
          { seed: 20260703, numRuns: 40 },
        )
      })
    }

    if (name === 'Produce') {
      // It makes the batches itself, so here it writes first.
      test(`Produce ${version}: we read its request, and write the same`, () => {
        const messages = ['a', 'a', 'b'].map((topic, i) => ({
          topic,
          partition: i,
          timestamp: 1_700_000_000_000n,
          value: Buffer.alloc(700 * i, 'v'),
        }))
        const theirs = codec.createRequest(-1, 30_000, messages, { transactionalId: 't' }).buffer
        const body = decodeRequest('Produce', version, theirs, 0)
        expect(body.topicData.map((topic) => [topic.name, topic.partitionData.map(({ index }) => index)])).toEqual([
          ['a', [0, 1]],
          ['b', [2]],
        ])
        const frame = encodeRequest('Produce', version, { correlationId: 1, clientId: 'c' }, body).subarray(4)
        const mine = frame.subarray(decodeRequestHeader(frame).bodyOffset)
        expect(mine.toString('hex')).toBe(theirs.toString('hex'))
      })
    }

    test(`${name} ${version}: it reads our response to the last byte, and the same values`, () => {
      const headerSize = 8 + api.responseHeaderVersion(version)
      fc.assert(
        fc.property(bodyArbitrary(spec.response, version), (random) => {
          const known = withKnownErrors(random) as Plain
          const body = readable[name]?.(known) ?? known
          const bytes = encodeResponse(name, version, 1, body as never).subarray(headerSize)
          const { value, left } = parse(one, bytes)
          expect(left).toBe(0)
          const present = spec.response.filter((field) => inVersions(field.versions, version))
          expectSame(arranged[name]?.(value, version) ?? value, inLibraryForm(present, body), name)
        }),
        { seed: 20260704, numRuns: 40 },
      )
    })
  }
})
