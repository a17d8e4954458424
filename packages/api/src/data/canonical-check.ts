import { usesBeforeNextCompile } from './compile-budget.ts'
import { isDecimal } from './decimal.ts'
import { fitsInt64 } from './int64.ts'
import { LogicalName } from './logical-name.ts'
import { perSchema } from './per-schema.ts'
import type { Schema } from './schema.ts'
import { enumerationOrder } from './struct-maker.ts'

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

const never: CanonicalCheck = () => false

const checksByName: Readonly<Record<string, CanonicalCheck>> = {
  [LogicalName.decimal]: isDecimal,
  [LogicalName.date]: isValidDate,
  [LogicalName.time]: isValidDate,
  [LogicalName.timestamp]: isValidDate,
}

const isNumber: CanonicalCheck = (value) => typeof value === 'number'

function checkOfType(schema: Schema): CanonicalCheck {
  const { type, keySchema, valueSchema, name } = schema
  const byName = name !== null && Object.hasOwn(checksByName, name) ? checksByName[name] : undefined
  if (byName !== undefined) return byName
  switch (type) {
    case 'INT8':
      return (value) => typeof value === 'number' && Object.is((value << 24) >> 24, value)
    case 'INT16':
      return (value) => typeof value === 'number' && Object.is((value << 16) >> 16, value)
    case 'INT32':
      return (value) => typeof value === 'number' && Object.is(value | 0, value)
    case 'INT64':
      return isCanonicalInt64
    case 'FLOAT32':
      return (value) => typeof value === 'number' && Object.is(Math.fround(value), value)
    case 'FLOAT64':
      return isNumber
    case 'BOOLEAN':
      return (value) => typeof value === 'boolean'
    case 'STRING':
      return (value) => typeof value === 'string'
    case 'BYTES':
      return (value) => value instanceof Uint8Array
    case 'ARRAY':
      return valueSchema === null ? never : everyItem(canonicalCheck(valueSchema))
    case 'MAP':
      return keySchema === null || valueSchema === null
        ? never
        : everyEntry(canonicalCheck(keySchema), canonicalCheck(valueSchema))
    case 'STRUCT':
      return structCheck(schema)
  }
}

/** Walks by hand (says "no") until the schema has shown that it is used. */
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
const inlined: Readonly<Partial<Record<string, string>>> = {
  INT8: 'typeof v==="number"&&v<<24>>24===v&&(v!==0||1/v>0)',
  INT16: 'typeof v==="number"&&v<<16>>16===v&&(v!==0||1/v>0)',
  INT32: 'typeof v==="number"&&(v|0)===v&&(v!==0||1/v>0)',
  FLOAT64: 'typeof v==="number"',
  BOOLEAN: 'typeof v==="boolean"',
  STRING: 'typeof v==="string"',
}

/*
 * One straight line per schema, because a keyed read in a loop over fields would see the shapes of all schemas. The
 * properties are compared with the fields first, so that every read below is of an own property.
 */
function compileStructCheck(schema: Schema): CanonicalCheck {
  const fields = schema.fields ?? []
  const order = enumerationOrder(fields.map((field) => field.name))
  const checks = fields.map((field) => canonicalCheck(field.schema))
  const lines = fields.map((field, index) => {
    const { type, name, optional, defaultValue } = field.schema
    const plain = name !== null && Object.hasOwn(checksByName, name) ? undefined : inlined[type]
    const orNull = optional || defaultValue !== null ? 'v===null||' : ''
    return `v=s[${JSON.stringify(field.name)}];if(!(${orNull}${plain ?? `c[${index}](v)`}))return false;`
  })
  const body = `"use strict";return function(s){
if(typeof s!=="object"||s===null||Object.getPrototypeOf(s)!==Object.prototype)return false;
let i=0;for(const k in s){if(k!==o[i])return false;i++}
if(i!==o.length)return false;
let v;${lines.join('\n')}
return true}`
  return (new Function('o', 'c', body) as (o: readonly string[], c: readonly CanonicalCheck[]) => CanonicalCheck)(
    order,
    checks,
  )
}

/** The check of a schema, compiled once. */
export const canonicalCheck: (schema: Schema) => CanonicalCheck = perSchema((schema) => {
  const check = checkOfType(schema)
  return schema.optional ? (value) => value === null || check(value) : check
})
