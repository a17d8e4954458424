import type { ConfigSpec, Props } from './config-spec.ts'

/** A deprecated key that a config gives, with the sentence that says what to use instead. */
export interface DeprecatedKey {
  readonly key: string
  readonly instead: string
}

/** The deprecated keys of a config: they work, and whoever starts or lints it warns of them. */
export function deprecatedKeys(spec: ConfigSpec, props: Props): readonly DeprecatedKey[] {
  return Object.entries(spec.fields).flatMap(([key, { deprecated }]) =>
    deprecated !== null && Object.hasOwn(props, key) && props[key] !== null ? [{ key, instead: deprecated }] : [],
  )
}
