// Encoders are generated code: one function per struct, for one version of one message. Names of fields come from our
// own table alone and enter the source only through JSON.stringify. Written out, Heartbeat 4 begins:
//
//   function s0(w, o) { let v
//     v = o["groupId"]; if (v === undefined) v = ""; if (v === null) throw w.unexpectedNull("groupId")
//     w.compactString(v, "groupId")

import { defaultExpression, isDefaultExpression } from './field-defaults.ts'
import { inVersions } from './field-spec.ts'
import type { FieldSpec } from './field-spec.ts'
import type { WireWriter } from './wire-writer.ts'

/** Writes one body. */
export type Encoder = (writer: WireWriter, body: object) => void

interface Context {
  readonly version: number
  readonly flexible: boolean
  readonly functions: string[]
}

/** Generates the encoder of a struct in one version. */
export function compileEncoder(fields: readonly FieldSpec[], version: number, flexible: boolean): Encoder {
  const context: Context = { version, flexible, functions: [] }
  const root = structFunction(fields, '', context)
  const source = `'use strict'\n${context.functions.join('\n')}\nreturn ${root}`
  return new Function('noBytes', source)(Buffer.alloc(0)) as Encoder
}

function structFunction(fields: readonly FieldSpec[], path: string, context: Context): string {
  const lines: string[] = []
  const tagged: FieldSpec[] = []
  for (const field of fields) {
    if (!inVersions(field.versions, context.version)) lines.push(...refuseAbsent(field, path))
    else if (field.tag === undefined) lines.push(...writeField(field, path, context))
    else tagged.push(field)
  }
  if (context.flexible) lines.push(...writeTagged(tagged, path, context))
  const name = `s${context.functions.length}`
  context.functions.push(`function ${name}(w, o) {\n  let v\n  ${lines.join('\n  ')}\n}`)
  return name
}

const access = (field: FieldSpec): string => `o[${JSON.stringify(field.name)}]`
const label = (field: FieldSpec, path: string): string => JSON.stringify(path + field.name)

/** A value that the version cannot carry is refused unless it may be dropped, as Java does. */
function refuseAbsent(field: FieldSpec, path: string): string[] {
  if (field.ignorable === true) return []
  return [
    `v = ${access(field)}`,
    `if (v !== undefined && !(${isDefaultExpression(field, 'v')})) throw w.unsupported(${label(field, path)})`,
  ]
}

function writeField(field: FieldSpec, path: string, context: Context): string[] {
  const lines = [`v = ${access(field)}`, `if (v === undefined) v = ${defaultExpression(field)}`]
  if (!mayBeNull(field, context)) lines.push(`if (v === null) throw w.unexpectedNull(${label(field, path)})`)
  lines.push(...writeValue(field, path, context))
  return lines
}

function mayBeNull(field: FieldSpec, context: Context): boolean {
  return field.nullable !== undefined && inVersions(field.nullable, context.version)
}

function writeValue(field: FieldSpec, path: string, context: Context): string[] {
  const name = label(field, path)
  const compact = String(context.flexible)
  switch (field.type) {
    case 'string':
      return [context.flexible ? `w.compactString(v, ${name})` : `w.string(v, ${name})`]
    case 'bytes':
    case 'records':
      return [`w.bytes(v, ${compact}, ${name})`]
    case '[]int32':
      return [`w.int32Array(v, ${compact}, ${name})`]
    case '[]string':
      return [`w.stringArray(v, ${compact}, ${name})`]
    case 'struct':
      return [`${structFunction(field.fields ?? [], `${path}${field.name}.`, context)}(w, v)`]
    case '[]struct': {
      const inner = structFunction(field.fields ?? [], `${path}${field.name}.`, context)
      return [
        `w.arrayLength(v === null ? -1 : v.length, ${compact})`,
        `if (v !== null) for (let i = 0; i < v.length; i++) ${inner}(w, v[i])`,
      ]
    }
    default:
      return [`w.${field.type}(v, ${name})`]
  }
}

/** A tagged field is left out only when it equals its default. */
function writeTagged(fields: readonly FieldSpec[], path: string, context: Context): string[] {
  if (fields.length === 0) return ['w.varint(0)']
  const ascending = fields.toSorted((a, b) => (a.tag ?? 0) - (b.tag ?? 0))
  const lines = ['let present = 0']
  for (const field of ascending) {
    lines.push(`v = ${access(field)}`)
    if (!mayBeNull(field, context)) lines.push(`if (v === null) throw w.unexpectedNull(${label(field, path)})`)
    lines.push(`const has${field.tag} = v !== undefined && !(${isDefaultExpression(field, 'v')})`)
    lines.push(`if (has${field.tag}) present++`)
  }
  lines.push('w.varint(present)')
  for (const field of ascending) {
    lines.push(`if (has${field.tag}) {`, `  w.varint(${field.tag})`, `  const mark = w.mark`, `  v = ${access(field)}`)
    lines.push(...writeValue(field, path, context).map((line) => `  ${line}`))
    lines.push('  w.endTagged(mark)', '}')
  }
  return lines
}
