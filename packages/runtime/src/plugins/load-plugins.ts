import { ConnectError, type PluginDefinition, type PluginKind } from '@sluice/api'
import type { PluginRegistry, RegisteredPlugin } from './plugin-registry.ts'

/** A definition of one kind. */
export type DefinitionOf<Kind extends PluginKind> = Extract<PluginDefinition, { readonly kind: Kind }>

/** Imports plugin modules when they are first needed. Used in hosts only: it runs the plugins' code (I4). */
export interface PluginLoader {
  load(plugin: RegisteredPlugin): Promise<PluginDefinition>
}

export function createPluginLoader(importModule = (url: string): Promise<unknown> => import(url)): PluginLoader {
  const modules = new Map<string, Promise<readonly PluginDefinition[]>>()

  function definitionsOf({ package: origin }: RegisteredPlugin): Promise<readonly PluginDefinition[]> {
    const known = modules.get(origin.moduleUrl)
    if (known) return known
    const loading = importModule(origin.moduleUrl).then(
      (module) => checkDefinitions((module as { readonly default?: unknown }).default, origin.moduleUrl),
      (cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new ConnectError(`Importing the plugins of ${origin.name} from ${origin.moduleUrl}: ${reason}`, { cause })
      },
    )
    modules.set(origin.moduleUrl, loading)
    return loading
  }

  return {
    load: async (plugin) => {
      const definitions = await definitionsOf(plugin)
      const definition = definitions.find(
        (candidate) => candidate.kind === plugin.kind && candidate.className === plugin.className,
      )
      if (definition) return definition
      throw new ConnectError(
        `Importing ${plugin.className} from ${plugin.package.moduleUrl}: the module does not define it, although the manifest of ${plugin.package.name} lists it.`,
        { code: 'CONNECT_PLUGIN_NOT_FOUND' },
      )
    },
  }
}

function checkDefinitions(value: unknown, url: string): readonly PluginDefinition[] {
  if (Array.isArray(value)) return value as readonly PluginDefinition[]
  throw new ConnectError(`Importing plugins from ${url}: its default export is no array of plugin definitions.`)
}

/** The definition of the class or alias in one of these kinds, imported; a ConnectError when nothing answers to it. */
export async function loadPlugin<Kind extends PluginKind>(
  plugins: { readonly registry: PluginRegistry; readonly loader: PluginLoader },
  name: string,
  kinds: readonly Kind[],
): Promise<DefinitionOf<Kind>> {
  const registered = plugins.registry.find(name, kinds)
  if (!registered) {
    throw new ConnectError(`Class ${name} could not be found.`, { code: 'CONNECT_PLUGIN_NOT_FOUND' })
  }
  return (await plugins.loader.load(registered)) as DefinitionOf<Kind>
}
