// How the tables under messages/ are written, and the TypeScript types that follow from them.
//
// A field is written `{ name, type, … }`. Marks that it may carry:
//   versions   the versions that have the field, within those of what encloses it: '3+', '1-5', '0'. Absent: all
//   nullable   true, or the versions in which null may be written
//   tag        the field stands in the tagged section of its struct, under this number
//   default    the value of a field that a version does not have, or that the caller left out. Absent: the zero of the type
//   ignorable  a value set on it is dropped in versions without the field; without the mark, encoding refuses
// A message is flexible from the version in `flexible` on: compact lengths, and a tagged section after every struct.

/** The wire types. 'int64' is a number (exact within ±2^53), 'bigint' an int64 kept exact, 'uuid' Kafka's base64 text. */
export type FieldType =
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bigint'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records'
  | '[]int32'
  | '[]string'
  | 'struct'
  | '[]struct'

/** One field of a message; the comment at the top of this file explains each mark. */
export interface FieldSpec {
  readonly name: string
  readonly type: FieldType
  readonly versions?: string
  readonly nullable?: string | true
  readonly tag?: number
  readonly default?: null | boolean | number | bigint | string
  readonly ignorable?: true
  readonly fields?: readonly FieldSpec[]
}

/** One API of the protocol: its request and its response. */
export interface ApiSpec {
  readonly name: string
  readonly key: number
  readonly versions: string
  readonly flexible: string
  readonly request: readonly FieldSpec[]
  readonly response: readonly FieldSpec[]
}

interface Decoded {
  boolean: boolean
  int8: number
  int16: number
  int32: number
  int64: number
  bigint: bigint
  string: string
  uuid: string
  bytes: Buffer
  records: Buffer
  '[]int32': number[]
  '[]string': string[]
}

interface Encodable {
  boolean: boolean
  int8: number
  int16: number
  int32: number
  int64: number
  bigint: bigint
  string: string
  uuid: string
  bytes: Uint8Array
  /** Several pieces are written one after the other: batches need not be joined first. */
  records: Uint8Array | readonly Uint8Array[]
  '[]int32': readonly number[]
  '[]string': readonly string[]
}

type OrNull<F, T> = F extends { readonly nullable: string | true } ? T | null : T

type DecodedValue<F> = F extends { readonly fields: infer S extends readonly FieldSpec[] }
  ? F extends { readonly type: '[]struct' }
    ? Body<S>[]
    : Body<S>
  : F extends { readonly type: infer T extends keyof Decoded }
    ? Decoded[T]
    : never

type EncodableValue<F> = F extends { readonly fields: infer S extends readonly FieldSpec[] }
  ? F extends { readonly type: '[]struct' }
    ? readonly BodyInput<S>[]
    : BodyInput<S>
  : F extends { readonly type: infer T extends keyof Encodable }
    ? Encodable[T]
    : never

type MayBeAbsent = { readonly default: unknown } | { readonly versions: string } | { readonly tag: number }

/** The body that decoding yields: every field is there, those that the version lacks with their default. */
export type Body<F extends readonly FieldSpec[]> = { [P in F[number] as P['name']]: OrNull<P, DecodedValue<P>> }

/** The body that encoding takes: fields with a default, and those that only some versions have, may be left out. */
export type BodyInput<F extends readonly FieldSpec[]> = {
  readonly [P in Exclude<F[number], MayBeAbsent> as P['name']]: OrNull<P, EncodableValue<P>>
} & {
  readonly [P in Extract<F[number], MayBeAbsent> as P['name']]?: OrNull<P, EncodableValue<P>> | undefined
}

/** An inclusive range of versions. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** Reads '3+', '1-5', '0' or 'none' (a range that contains nothing). */
export function parseVersions(text: string): VersionRange {
  if (text === 'none') return { min: 1, max: 0 }
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text)
  if (match === null) throw new Error(`Not a range of versions: ${text}`)
  const min = Number(match[1])
  if (match[2] !== undefined) return { min, max: Number.MAX_SAFE_INTEGER }
  return { min, max: match[3] === undefined ? min : Number(match[3]) }
}

/** Whether the version lies in the range; an absent range contains every version, as `true` does. */
export function inVersions(range: string | true | undefined, version: number): boolean {
  if (range === undefined || range === true) return true
  const { min, max } = parseVersions(range)
  return version >= min && version <= max
}
