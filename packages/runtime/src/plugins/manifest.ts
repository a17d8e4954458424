import type { ConfigKeyInfo, PluginKind } from '@sluice/api'

/** Where a package with plugins lies. The control plane reads the manifest; only hosts import the module. */
export interface PluginPackage {
  /** Shown where a plugin's origin is named. */
  readonly name: string
  /** `file:` URL of its `connect-plugins.json`. */
  readonly manifestUrl: string
  /** `file:` URL of the module whose default export is the array of definitions. */
  readonly moduleUrl: string
}

/** One plugin as data: everything that can be said about it without importing it. */
export interface PluginManifestEntry {
  readonly kind: PluginKind
  readonly name: string
  readonly className: string
  readonly aliases: readonly string[]
  readonly summary: string
  /** Of connectors only. */
  readonly taskClass?: string
  readonly config: readonly ConfigKeyInfo[]
}

/** The content of `connect-plugins.json`, generated from the definitions. */
export interface PluginManifest {
  readonly version: string
  readonly plugins: readonly PluginManifestEntry[]
}
