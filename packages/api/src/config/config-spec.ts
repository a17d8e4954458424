import type { Field } from './field.ts'

/** Config of a connector or plugin as it travels: text by key. A null comes from JSON and counts as not given. */
export type Props = Readonly<Record<string, string | null>>

/** The fields of a spec by key, in the order in which forms and REST answers show them. */
export type Fields = Readonly<Record<string, Field>>

/** The keys that a connector or plugin understands: declared once, read by everything that needs them. */
export interface ConfigSpec<F extends Fields = Fields> {
  readonly fields: F
  /** Beginnings of further keys that are read elsewhere, such as `producer.override.`. */
  readonly openPrefixes: readonly string[]
}

type FieldValue<F> = F extends Field<infer T> ? T : never

type OptionalKey<F extends Fields> = { [K in keyof F]: undefined extends FieldValue<F[K]> ? K : never }[keyof F]

/** The typed config of a spec: what `startTask`, `create` and the others receive. */
export type Config<S extends ConfigSpec> = {
  readonly [K in Exclude<keyof S['fields'], OptionalKey<S['fields']>>]: FieldValue<S['fields'][K]>
} & {
  readonly [K in OptionalKey<S['fields']>]?: FieldValue<S['fields'][K]>
}

/** Declares the keys of a plugin. `openPrefixes` names keys that are not listed and yet known. */
export function configSpec<const F extends Fields>(
  fields: F,
  options: { readonly openPrefixes?: readonly string[] } = {},
): ConfigSpec<F> {
  return Object.freeze({ fields: Object.freeze(fields), openPrefixes: options.openPrefixes ?? [] })
}

/** Both specs in one: the keys of the first, then the new ones of the second. A key in both is the second's. */
export function mergeSpecs<A extends Fields, B extends Fields>(
  first: ConfigSpec<A>,
  second: ConfigSpec<B>,
): ConfigSpec<Omit<A, keyof B> & B> {
  const fields: Fields = { ...first.fields, ...second.fields }
  return configSpec(fields as Omit<A, keyof B> & B, { openPrefixes: [...first.openPrefixes, ...second.openPrefixes] })
}

/**
 * The spec of a transform or predicate as part of its connector's spec: every key prefixed, all in one group, the
 * required ones first and each half in alphabetical order, as Connect lists them. Messages about a value name the
 * key without its prefix, those about a missing one or its type name it in full; so does Connect.
 */
export function embedSpec(
  spec: ConfigSpec,
  prefix: string,
  placing: { readonly group: string; readonly firstOrder: number },
): ConfigSpec {
  const sorted = Object.entries(spec.fields).toSorted(
    ([key, field], [otherKey, other]) => Number(other.required) - Number(field.required) || (key < otherKey ? -1 : 1),
  )
  const embedded = sorted.map(([key, field], index): [string, Field] => [
    prefix + key,
    {
      ...field,
      group: placing.group,
      order: placing.firstOrder + index,
      displayName: field.displayName ?? key,
      dependents: field.dependents.map((dependent) => prefix + dependent),
      checkedAs: field.checkedAs ?? key,
    },
  ])
  return configSpec(Object.fromEntries(embedded), { openPrefixes: spec.openPrefixes.map((open) => prefix + open) })
}
