import type { Schema } from './schema.ts'
import { hashSchema, schemaEquals } from './schema-equality.ts'

/*
 * Equal schemas should be the same object, and a schema that nobody uses any more should cost nothing, also when a
 * million different ones pass through in one go. A table of WeakRefs alone does not give that: making a WeakRef keeps
 * its target alive until the running job ends, so that a loop without a pause would keep all of them.
 *
 * So a young schema is held strongly, in a table that is bounded by weight and drops the least recently used first.
 * When the collector has run (a sentinel object tells), what is in the table is held weakly from then on: a schema in
 * use stays known, any other goes with the next collection, together with all that was compiled for it.
 */

interface Slot {
  schema: Schema | null
  weak: WeakRef<Schema> | null
  readonly weight: number
}

/** About the bytes of memory that the schemas in the table may take, if nobody else uses them. */
const maxWeight = 8_000_000
const weightOfSchema = 200
const weightOfField = 100

const pinned = new Map<number, Schema>()
/** By hash, least recently used first. Two schemas of one hash take turns. */
const table = new Map<number, Slot>()
let totalWeight = 0
let armed = false

const collections = new FinalizationRegistry<null>(() => {
  armed = false
  for (const [hash, slot] of table) {
    if (slot.schema !== null) {
      slot.weak = new WeakRef(slot.schema)
      slot.schema = null
    } else if (slot.weak?.deref() === undefined) {
      drop(hash, slot)
    }
  }
})

function drop(hash: number, slot: Slot): void {
  table.delete(hash)
  totalWeight -= slot.weight
}

function weigh(schema: Schema): number {
  let weight = weightOfSchema + (schema.name?.length ?? 0) + (schema.doc?.length ?? 0)
  for (const [key, value] of schema.parameters ?? []) weight += key.length + value.length
  for (const field of schema.fields ?? []) weight += weightOfField + field.name.length
  return weight
}

function remember(hash: number, slot: Slot): void {
  table.set(hash, slot)
  totalWeight += slot.weight
  for (const [oldest, old] of table) {
    if (totalWeight <= maxWeight) break
    drop(oldest, old)
  }
  if (!armed) {
    armed = true
    collections.register({}, null)
  }
}

/** The schema that stands for all equal ones: an earlier one that is still in use, or this. */
export function intern(schema: Schema): Schema {
  const hash = hashSchema(schema)
  const constant = pinned.get(hash)
  if (constant !== undefined && schemaEquals(constant, schema)) return constant
  const slot = table.get(hash)
  if (slot !== undefined) {
    drop(hash, slot)
    const known = slot.schema ?? slot.weak?.deref()
    if (known !== undefined && schemaEquals(known, schema)) {
      remember(hash, slot)
      return known
    }
  }
  remember(hash, { schema, weak: null, weight: weigh(schema) })
  return schema
}

/** Makes the schema the one for all equal ones, for ever. For constants. */
export function pin(schema: Schema): Schema {
  pinned.set(hashSchema(schema), schema)
  return schema
}
