import { ConfigError, type ConfigSpec, type Config, type PluginKind, type Props, requireConfig } from '@sluice/api'
import { createPluginLoader, type DefinitionOf, type PluginLoader } from '../plugins/load-plugins.ts'
import type { PluginPackage } from '../plugins/manifest.ts'
import { PluginRegistry } from '../plugins/plugin-registry.ts'
import { readManifests } from '../plugins/read-manifests.ts'

/** The plugins as a host has them: known by their manifests, imported at first need. */
export interface HostPlugins {
  readonly registry: PluginRegistry
  readonly loader: PluginLoader
}

export async function openHostPlugins(packages: readonly PluginPackage[]): Promise<HostPlugins> {
  return { registry: new PluginRegistry(await readManifests(packages)), loader: createPluginLoader() }
}

/** The definition that a key names, imported; a ConfigError in Connect's words when it names none of its kinds. */
export async function pluginAt<Kind extends PluginKind>(
  plugins: HostPlugins,
  key: string,
  name: string,
  kinds: readonly Kind[],
): Promise<DefinitionOf<Kind>> {
  const registered = plugins.registry.find(name.trim(), kinds)
  if (!registered) {
    const message = `Invalid value ${name} for configuration ${key}: Class ${name} could not be found.`
    throw new ConfigError(message, [{ key, message }])
  }
  return (await plugins.loader.load(registered)) as DefinitionOf<Kind>
}

/** A plugin's typed config, from the keys with a prefix. */
export function configAt<S extends ConfigSpec>(plugins: HostPlugins, spec: S, props: Props): Config<S> {
  return requireConfig(spec, props, { findClass: (name) => plugins.registry.findAny(name)?.className ?? null })
}

/** The keys that begin with a prefix, without it. */
export function withoutPrefix(props: Props, prefix: string): Props {
  return Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  )
}
