import type { Schema } from './schema.ts'
import { hashSchema, schemaEquals } from './schema-equality.ts'

/*
 * Equal schemas should be the same object, and a schema that nobody uses any more should cost nothing, also when a
 * million different ones pass through in one go. A table of WeakRefs alone does not give that: making a WeakRef keeps
 * its target alive until the running job ends, so that a loop without a pause would keep all of them.
 *
 * So a young schema is held strongly, in a table that is bounded by weight: it has two generations, and when the newer
 * one is full it becomes the older one, whose schemas are forgotten unless they were asked for meanwhile. When the
 * collector has run (a sentinel object tells), what is in the table is held weakly from then on: a schema in use stays
 * known, any other goes with the next collection, together with all that was compiled for it.
 */

interface Slot {
  schema: Schema | null
  weak: WeakRef<Schema> | null
  readonly weight: number
}

type Generation = Map<number, Slot>

/** About the bytes of memory that the schemas of one generation may take, if nobody else uses them. */
const maxWeight = 2_000_000
const weightOfSchema = 400
const weightOfField = 100

const pinned = new Map<number, Schema>()
/** By hash; two schemas of one hash take turns. */
let newer: Generation = new Map()
let older: Generation = new Map()
let newerWeight = 0
let armed = false

const collections = new FinalizationRegistry<null>(() => {
  armed = false
  weaken(newer)
  weaken(older)
})

function weaken(generation: Generation): void {
  for (const [hash, slot] of generation) {
    if (slot.schema !== null) {
      slot.weak = new WeakRef(slot.schema)
      slot.schema = null
    } else if (slot.weak?.deref() === undefined) {
      generation.delete(hash)
    }
  }
}

function weigh(schema: Schema): number {
  let weight = weightOfSchema + (schema.name?.length ?? 0) + (schema.doc?.length ?? 0)
  for (const [key, value] of schema.parameters ?? []) weight += key.length + value.length
  for (const field of schema.fields ?? []) weight += weightOfField + field.name.length
  return weight
}

function remember(hash: number, slot: Slot): void {
  if (newerWeight + slot.weight > maxWeight) {
    older = newer
    newer = new Map()
    newerWeight = 0
  }
  newer.set(hash, slot)
  newerWeight += slot.weight
  if (!armed) {
    armed = true
    collections.register({}, null)
  }
}

function schemaOf(slot: Slot | undefined): Schema | undefined {
  return slot?.schema ?? slot?.weak?.deref()
}

/** The schema that stands for all equal ones: an earlier one that is still in use, or this. */
export function intern(schema: Schema): Schema {
  const hash = hashSchema(schema)
  const constant = pinned.get(hash)
  if (constant !== undefined && schemaEquals(constant, schema)) return constant
  const recent = schemaOf(newer.get(hash))
  if (recent !== undefined && schemaEquals(recent, schema)) return recent
  const slot = older.get(hash)
  const known = schemaOf(slot)
  if (slot !== undefined && known !== undefined && schemaEquals(known, schema)) {
    older.delete(hash)
    remember(hash, slot)
    return known
  }
  remember(hash, { schema, weak: null, weight: weigh(schema) })
  return schema
}

/** Makes the schema the one for all equal ones, for ever. For constants. */
export function pin(schema: Schema): Schema {
  pinned.set(hashSchema(schema), schema)
  return schema
}
