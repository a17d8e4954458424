import { usesBeforeNextCompile } from './compile-budget.ts'
import { isDecimal } from './decimal.ts'
import { fitsInt64 } from './int64.ts'
import { LogicalName } from './logical-name.ts'
import { onSchema } from './per-schema.ts'
import type { Schema } from './schema.ts'
import { structShape } from './struct-shape.ts'
import type { SchemaType } from './value.ts'

/*
 * The fast half of validation: says at once that a value fits its schema and is in canonical form already, which on the
 * hot path is nearly always so. A "no" says nothing: the value is then walked by `validateValue`, which knows why.
 */

/** True only for a value that `validateValue` would give back as it is. */
export type CanonicalCheck = (value: unknown) => boolean

function isCanonicalInt64(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && (value !== 0 || 1 / value > 0)
  return typeof value === 'bigint' && fitsInt64(value) && !Number.isSafeInteger(Number(value))
}

function isValidDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function isValidDecimal(value: unknown): boolean {
  return isDecimal(value)
}

// Object.is, because -0 is no integer.
const scalarChecks: Readonly<Partial<Record<SchemaType, CanonicalCheck>>> = {
  INT8: (value) => typeof value === 'number' && Object.is((value << 24) >> 24, value),
  INT16: (value) => typeof value === 'number' && Object.is((value << 16) >> 16, value),
  INT32: (value) => typeof value === 'number' && Object.is(value | 0, value),
  INT64: isCanonicalInt64,
  FLOAT32: (value) => typeof value === 'number' && Object.is(Math.fround(value), value),
  FLOAT64: (value) => typeof value === 'number',
  BOOLEAN: (value) => typeof value === 'boolean',
  STRING: (value) => typeof value === 'string',
  BYTES: (value) => value instanceof Uint8Array,
}

const logicalChecks: ReadonlyMap<string | null, CanonicalCheck> = new Map([
  [LogicalName.decimal, isValidDecimal],
  [LogicalName.date, isValidDate],
  [LogicalName.time, isValidDate],
  [LogicalName.timestamp, isValidDate],
])

function everyItem(check: CanonicalCheck): CanonicalCheck {
  return (value) => {
    if (!Array.isArray(value)) return false
    // By index: a hole of a sparse array must not be passed over.
    for (let i = 0; i < value.length; i++) if (!check(value[i])) return false
    return true
  }
}

function everyEntry(keyCheck: CanonicalCheck, valueCheck: CanonicalCheck): CanonicalCheck {
  return (value) => {
    if (!(value instanceof Map)) return false
    for (const [key, item] of value) if (!keyCheck(key) || !valueCheck(item)) return false
    return true
  }
}

function never(): boolean {
  return false
}

function containerCheck(schema: Schema): CanonicalCheck {
  const { type, keySchema, valueSchema } = schema
  if (type === 'STRUCT') return structCheck(schema)
  if (valueSchema === null) return never
  if (type === 'ARRAY') return everyItem(canonicalCheck(valueSchema))
  return keySchema === null ? never : everyEntry(canonicalCheck(keySchema), canonicalCheck(valueSchema))
}

/** Says "no", so that the value is walked by hand, until the schema has shown that it is used. */
function structCheck(schema: Schema): CanonicalCheck {
  let usesLeft = usesBeforeNextCompile()
  let compiled: CanonicalCheck | null = null
  return (value) => {
    if (compiled === null) {
      if (usesLeft-- > 0) return false
      compiled = compileStructCheck(schema)
    }
    return compiled(value)
  }
}

/** Conditions on `v` that need no call; every other type is checked by its own function. */
const inlined: Readonly<Partial<Record<SchemaType, string>>> = {
  INT8: 'typeof v==="number"&&v<<24>>24===v&&(v!==0||1/v>0)',
  INT16: 'typeof v==="number"&&v<<16>>16===v&&(v!==0||1/v>0)',
  INT32: 'typeof v==="number"&&(v|0)===v&&(v!==0||1/v>0)',
  FLOAT64: 'typeof v==="number"',
  BOOLEAN: 'typeof v==="boolean"',
  STRING: 'typeof v==="string"',
}

function fieldCondition({ type, name, optional, defaultValue }: Schema, index: number): string {
  const condition = (logicalChecks.has(name) ? undefined : inlined[type]) ?? `c[${index}](v)`
  return optional || defaultValue !== null ? `v===null||${condition}` : condition
}

/*
 * One straight line per schema, because a keyed read in a loop over fields would see the shapes of all schemas. The
 * properties are compared with the fields first, so that every read below is of an own property.
 */
function compileStructCheck(schema: Schema): CanonicalCheck {
  const fields = schema.fields ?? []
  const checks = fields.map((field) => canonicalCheck(field.schema))
  const lines = fields.map(
    (field, index) => `v=s[${JSON.stringify(field.name)}];if(!(${fieldCondition(field.schema, index)}))return false;`,
  )
  const body = `"use strict";return function(s){
if(typeof s!=="object"||s===null||Object.getPrototypeOf(s)!==Object.prototype)return false;
let i=0;for(const k in s){if(k!==o[i])return false;i++}
if(i!==o.length)return false;
let v;${lines.join('\n')}
return true}`
  type Bind = (order: readonly string[], checks: readonly CanonicalCheck[]) => CanonicalCheck
  return (new Function('o', 'c', body) as Bind)(structShape(schema).order, checks)
}

/** The check of a schema, compiled once. */
export const canonicalCheck: (schema: Schema) => CanonicalCheck = onSchema((schema) => {
  const check = logicalChecks.get(schema.name) ?? scalarChecks[schema.type] ?? containerCheck(schema)
  return schema.optional ? (value) => value === null || check(value) : check
})
