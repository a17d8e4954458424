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
