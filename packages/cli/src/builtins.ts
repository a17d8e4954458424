// The plugins that come with Sluice. They are found as any other package's are, by their manifests: this list only
// names them, so that no path has to be configured for them.
import type { PluginPackage } from '@sluice/runtime'

const bundled = ['@sluice/connector-file', '@sluice/converters', '@sluice/transforms'] as const

/** Resolved from here, since only this package depends on all of them. */
export function bundledPlugins(): readonly PluginPackage[] {
  return bundled.map((name) => ({
    name,
    manifestUrl: import.meta.resolve(`${name}/connect-plugins.json`),
    moduleUrl: import.meta.resolve(`${name}/plugins`),
  }))
}
