// Decoders are generated code, as encoders are: one function per struct, for one version of one message, that yields
// objects of one shape, with the defaults of the fields that the version lacks.

import { defaultExpression, minimumSize } from './field-defaults.ts'
import { inVersions } from './field-spec.ts'
import type { FieldSpec } from './field-spec.ts'
import type { WireReader } from './wire-reader.ts'

/** Reads one body. */
export type Decoder = (reader: WireReader) => unknown

interface Context {
  readonly version: number
  readonly flexible: boolean
  readonly functions: string[]
}

/** Generates the decoder of a struct in one version. */
export function compileDecoder(fields: readonly FieldSpec[], version: number, flexible: boolean): Decoder {
  const context: Context = { version, flexible, functions: [] }
  const root = structFunction(fields, '', context)
  const source = `'use strict'\n${context.functions.join('\n')}\nreturn ${root}`
  return new Function('noBytes', source)(Buffer.alloc(0)) as Decoder
}

function structFunction(fields: readonly FieldSpec[], path: string, context: Context): string {
  const lines: string[] = []
  const tagged: string[] = []
  fields.forEach((field, index) => {
    const target = `f${index}`
    const present = inVersions(field.versions, context.version)
    if (present && field.tag === undefined) {
      lines.push(`let ${target}`, ...readField(field, target, path, context))
      return
    }
    lines.push(`let ${target} = ${defaultExpression(field)}`)
    if (present) tagged.push(...readTagged(field, target, path, context))
  })
  if (context.flexible) lines.push(...readTaggedSection(tagged, path))
  const members = fields.map((field, index) => `${JSON.stringify(field.name)}: f${index}`)
  const name = `s${context.functions.length}`
  context.functions.push(`function ${name}(r) {\n  ${lines.join('\n  ')}\n  return { ${members.join(', ')} }\n}`)
  return name
}

const label = (field: FieldSpec, path: string): string => JSON.stringify(path + field.name)

function readField(field: FieldSpec, target: string, path: string, context: Context): string[] {
  const name = label(field, path)
  const lines = readValue(field, target, path, context)
  const canYieldNull = field.type.startsWith('[]') || ['string', 'bytes', 'records'].includes(field.type)
  const mayBeNull = field.nullable !== undefined && inVersions(field.nullable, context.version)
  if (canYieldNull && !mayBeNull) lines.push(`if (${target} === null) throw r.unexpectedNull(${name})`)
  return lines
}

function readValue(field: FieldSpec, target: string, path: string, context: Context): string[] {
  const name = label(field, path)
  const { flexible } = context
  const lengthBy = (plain: string): string => (flexible ? `r.compactLength(${name})` : `r.${plain}(${name})`)
  switch (field.type) {
    case 'string':
      return [`${target} = r.text(${lengthBy('int16')}, ${name})`]
    case 'bytes':
    case 'records':
      return [`${target} = r.view(${lengthBy('int32')}, ${name})`]
    case '[]int32':
      return [`${target} = r.int32Array(r.count(${flexible}, 4, ${name}), ${name})`]
    case '[]string':
      return [`${target} = r.stringArray(r.count(${flexible}, ${flexible ? 1 : 2}, ${name}), ${flexible}, ${name})`]
    case 'struct':
      return [`${target} = ${innerStruct(field, path, context)}(r)`]
    case '[]struct':
      return readStructs(field, target, path, context)
    default:
      return [`${target} = r.${field.type}(${name})`]
  }
}

function innerStruct(field: FieldSpec, path: string, context: Context): string {
  return structFunction(field.fields ?? [], `${path}${field.name}.`, context)
}

function readStructs(field: FieldSpec, target: string, path: string, context: Context): string[] {
  const count = `n${target}`
  const minimum = minimumSize(field.fields ?? [], context.version, context.flexible)
  return [
    `const ${count} = r.count(${context.flexible}, ${minimum}, ${label(field, path)})`,
    `${target} = ${count} < 0 ? null : []`,
    `for (let i = 0; i < ${count}; i++) ${target}.push(${innerStruct(field, path, context)}(r))`,
  ]
}

function readTagged(field: FieldSpec, target: string, path: string, context: Context): string[] {
  const name = label(field, path)
  return [
    `case ${field.tag}: {`,
    `  const end = r.fieldEnd(size, ${name})`,
    ...readField(field, target, path, context).map((line) => `  ${line}`),
    `  r.expectEnd(end, ${name})`,
    '  break',
    '}',
  ]
}

/** Tagged fields that this client does not know are passed over: newer brokers may add them to any version. */
function readTaggedSection(cases: readonly string[], path: string): string[] {
  const name = JSON.stringify(`${path}tagged fields`)
  return [
    `for (let n = r.varint(${name}); n > 0; n--) {`,
    `  const tag = r.varint(${name}), size = r.varint(${name})`,
    '  switch (tag) {',
    ...cases.map((line) => `  ${line}`),
    `  default: r.skip(size, ${name})`,
    '  }',
    '}',
  ]
}
