// Every answer that Apache Connect's standalone worker gave (test/support/apache/record-rest.ts), against the answer
// of ours to the same request, in the same order.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { comparableAnswer, withoutPart } from '../support/rest-comparison.ts'
import type { DifferingPart } from '../support/rest-comparison.ts'
import { exchange } from '../support/rest-exchange.ts'
import type { RestRecording, RestResponse } from '../support/rest-exchange.ts'
import { startSluice } from '../support/sluice-standalone.ts'

/** Answers that differ on purpose, in one part each; docs/differences.md says the same to users. */
interface Difference {
  readonly part: DifferingPart
  readonly reason: string
  readonly exchanges: readonly string[]
}

const differences: readonly Difference[] = [
  {
    part: 'entries',
    reason: 'transforms, predicates and converters that this version does not have yet',
    exchanges: ['all plugins'],
  },
  {
    part: 'trace',
    reason: 'our errors have our names, and say what was found and the way out',
    exchanges: ['status of a failed task', 'task status of a failed task'],
  },
  {
    part: 'location',
    reason: 'a plugin lies in a package, not on a class path',
    exchanges: [
      'create with an empty class',
      'create with an unknown class',
      'create with a class that is no connector',
    ],
  },
  {
    part: 'message',
    reason: 'the name of a Java class stands before the message, and a plugin lies in a package',
    exchanges: ['put an unknown class'],
  },
  {
    part: 'message',
    reason: 'the text of a null pointer exception of the JVM; ours says what is missing',
    exchanges: [
      'create without a config',
      'create with a null config',
      'create with an empty body',
      'create with a null body',
      'create without body or content type',
      'put an empty body',
      'put null',
    ],
  },
  {
    part: 'message',
    reason: 'the text of the JSON parser of the JVM, with names of Java classes; ours says what was found',
    exchanges: [
      'create with a config that is a list',
      'create with a nested value',
      'create with a list value',
      'create with an unknown property',
      'create with a bad initial state',
      'create with a list',
      'create with text',
      'create with malformed JSON',
      'create with no JSON at all',
      'create with a misplaced bracket',
      'put a list',
      'put a nested value',
      'put malformed JSON',
    ],
  },
  {
    part: 'page',
    reason: 'the page names the HTTP server that made it',
    exchanges: [
      'create with a content type that is none',
      'double slash',
      'escaped slash in a name',
      'escaped percent in a name',
      'bad escape in a name',
    ],
  },
  {
    part: 'methods',
    reason: 'PATCH of a config and POST of tasks are not there yet',
    exchanges: ['OPTIONS /connectors/source/config', 'OPTIONS /connectors/source/tasks'],
  },
]

const recording = JSON.parse(
  await readFile(join(import.meta.dirname, '..', 'compat', 'rest-standalone.json'), 'utf8'),
) as RestRecording
const answers = new Map<string, RestResponse>()
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-rest-compat-'))
  await writeFile(join(dir, 'in.txt'), 'one\ntwo\n')
  const broker = await startEmbeddedBroker({})
  const props = { ...recording.worker, 'bootstrap.servers': broker.bootstrapServers }
  const worker = await startSluice({ dir, props })
  try {
    const info = (await (await fetch(worker.url)).json()) as Readonly<Record<string, string>>
    const volatile = {
      dir,
      worker: new URL(worker.url).host,
      'cluster-id': broker.clusterId,
      version: info['version'] ?? '',
    }
    for (const one of recording.exchanges) {
      const answer = await exchange(worker.url, one, volatile)
      // The commit may be a word that stands in other places, too: it is masked in its own place alone.
      const body = answer.body.replace(`"commit":"${info['commit']}"`, '"commit":"{commit}"')
      answers.set(one.name, { ...answer, body })
    }
  } finally {
    await worker.close()
    await broker.close()
  }
})

afterAll(() => rm(dir, { recursive: true, force: true }))

function differenceOf(name: string): Difference | undefined {
  return differences.find(({ exchanges }) => exchanges.includes(name))
}

const equal = recording.exchanges.filter(({ name }) => !differenceOf(name))
const different = recording.exchanges.flatMap((one) => {
  const difference = differenceOf(one.name)
  return difference ? [{ ...one, ...difference }] : []
})

test('no exchange is named as different that was not recorded, and none twice', () => {
  const named = differences.flatMap(({ exchanges }) => exchanges).sort()
  expect(different.map(({ name }) => name).sort()).toEqual(named)
})

test.each(equal)('answers as Connect does: $name', ({ name, request, response }) => {
  expect(comparableAnswer(request, answers.get(name)!)).toBe(comparableAnswer(request, response))
})

test.each(different)('answers as Connect does, apart from the $part: $name', ({ name, request, response, part }) => {
  const ours = answers.get(name)!
  // A difference that is gone must be taken off the list.
  expect(comparableAnswer(request, ours)).not.toBe(comparableAnswer(request, response))
  const [recorded, rest] = withoutPart(part, response, ours)
  expect(comparableAnswer(request, rest)).toBe(comparableAnswer(request, recorded))
})
