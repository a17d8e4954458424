import type { ConfigSpec } from './config/config-spec.ts'

/** The kinds of plugin, spelled as `GET /connector-plugins` spells them. */
export type PluginKind = 'source' | 'sink' | 'converter' | 'header_converter' | 'transformation' | 'predicate'

/** What an author says about any plugin. */
export interface PluginFacts<S extends ConfigSpec = ConfigSpec> {
  /** Our own name: kebab-case. */
  readonly name: string
  /** Java class for which this plugin stands, as configs and REST answers name it; `name` when left out. */
  readonly className?: string
  /** Further names that a config may use, beside those that Connect derives from the class name. */
  readonly aliases?: readonly string[]
  /** One sentence, ending in a full stop. */
  readonly summary: string
  readonly config: S
}

/** The facts as every definition carries them: nothing left out. */
export interface PluginDefinitionBase<S extends ConfigSpec = ConfigSpec> extends PluginFacts<S> {
  readonly kind: PluginKind
  readonly className: string
  readonly aliases: readonly string[]
}

/** Fills in what an author may leave out and freezes the definition. */
export function definePlugin<K extends PluginKind, D extends PluginFacts>(
  kind: K,
  facts: D,
): D & { readonly kind: K; readonly className: string; readonly aliases: readonly string[] } {
  return Object.freeze({
    ...facts,
    kind,
    className: facts.className ?? facts.name,
    aliases: Object.freeze([...(facts.aliases ?? [])]),
  })
}
