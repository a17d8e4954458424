/*
 * Sends records through a JSON converter, each with a schema that no other has, both ways. Prints one line of JSON:
 * how much heap is held at the end, and how many of the schemas that were watched are still alive. Run in a process of its own, with
 * --expose-gc and a small heap.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Schema } from '@sluice/api'
import { createJsonConverter } from '../src/index.ts'

const count = Number(process.argv[2])
const batch = 10_000
const watchEvery = 1000

const converter = createJsonConverter()
const watched: WeakRef<Schema>[] = []

function documentOf(n: number): string {
  const fields = `[{"type":"int32","optional":false,"field":"id"},{"type":"string","optional":true,"field":"name_${n}"}]`
  return `{"schema":{"type":"struct","fields":${fields},"optional":false,"name":"Row"},"payload":{"id":${n},"name_${n}":"x"}}`
}

function pass(n: number): void {
  const document = documentOf(n)
  const { schema, value } = converter.toConnectData('topic', [], Buffer.from(document))
  const written = converter.fromConnectData('topic', [], schema, value)
  if (String(written) !== document) throw new Error(`Record ${n} came out changed.`)
  if (n % watchEvery === 0 && schema !== null) watched.push(new WeakRef(schema))
}

async function heapHeld(): Promise<number> {
  // What a WeakRef was made for, or looked at, lives until the end of the job; finalizers run in jobs of their own.
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

for (let n = 0; n < batch; n++) pass(n)
const before = await heapHeld()
for (let n = batch; n < count; n++) {
  pass(n)
  if (n % batch === 0) await turn()
}
const after = await heapHeld()
const alive = watched.filter((ref) => ref.deref() !== undefined).length
process.stdout.write(`${JSON.stringify({ heldMb: (after - before) / 2 ** 20, watched: watched.length, alive })}\n`)
