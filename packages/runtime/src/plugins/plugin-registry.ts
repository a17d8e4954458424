import { ConnectError, type PluginKind } from '@sluice/api'
import type { PluginManifest, PluginManifestEntry, PluginPackage } from './manifest.ts'

/** A plugin that this worker has: what its manifest says, and where it comes from. */
export interface RegisteredPlugin extends PluginManifestEntry {
  readonly version: string
  readonly package: PluginPackage
}

export interface LoadedManifest {
  readonly package: PluginPackage
  readonly manifest: PluginManifest
}

/** The order of `GET /connector-plugins?connectorsOnly=false`. */
const listingOrder: readonly PluginKind[] = [
  'sink',
  'source',
  'transformation',
  'predicate',
  'converter',
  'header_converter',
]

/** What a simple class name may lose at its end, by kind: `FileStreamSourceConnector` answers to `FileStreamSource`. */
const suffixes: Readonly<Record<PluginKind, string>> = {
  sink: 'Connector',
  source: 'Connector',
  transformation: 'Transformation',
  predicate: 'Predicate',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
}

/**
 * The plugins of a worker by every name that a config may use: the Java class name, our own name, declared aliases,
 * the simple class name and its pruned form. A derived name that would fit two classes fits none. Names are matched
 * exactly, as Connect matches them.
 */
export class PluginRegistry {
  readonly #plugins: readonly RegisteredPlugin[]
  readonly #byName = new Map<string, readonly RegisteredPlugin[]>()
  /** Class names that a later package declared again; the first one counts. */
  readonly duplicates: readonly RegisteredPlugin[]

  constructor(manifests: readonly LoadedManifest[]) {
    const all = manifests.flatMap(({ package: origin, manifest }) =>
      manifest.plugins.map((entry) => ({ ...entry, version: manifest.version, package: origin })),
    )
    const first = new Map<string, RegisteredPlugin>()
    for (const plugin of all) if (!first.has(identity(plugin))) first.set(identity(plugin), plugin)
    this.#plugins = [...first.values()].sort(byListingOrder)
    this.duplicates = all.filter((plugin) => first.get(identity(plugin)) !== plugin)
    this.#indexNames()
  }

  /** The plugin of one of these kinds that answers to the name; null when none does, or more than one. */
  find(name: string, kinds: readonly PluginKind[]): RegisteredPlugin | null {
    return this.#byName.get(name)?.find((plugin) => kinds.includes(plugin.kind)) ?? null
  }

  /** The plugin that answers to the name, whichever its kind: a name never stands for two classes. */
  findAny(name: string): RegisteredPlugin | null {
    return this.#byName.get(name)?.[0] ?? null
  }

  /** All of these kinds, in the order of the REST listing. */
  list(kinds: readonly PluginKind[] = listingOrder): readonly RegisteredPlugin[] {
    return this.#plugins.filter((plugin) => kinds.includes(plugin.kind))
  }

  /** The connector of this class or alias; a ConnectError in Connect's words otherwise. */
  connector(name: string): RegisteredPlugin {
    const found = this.find(name, connectorKinds)
    if (found) return found
    const connectors = this.list(connectorKinds)
    const matches = connectors.filter(({ className }) => {
      const simple = simpleName(className)
      return simple === name || simple === `${name}Connector`
    })
    if (matches.length > 1) {
      throw notFound(
        `More than one connector matches alias ${name}. Please use full package and class name instead. ` +
          `Classes found: ${matches.map(describe).join(', ')}`,
      )
    }
    throw notFound(
      `Failed to find any class that implements Connector and which name matches ${name}, ` +
        `available connectors are: ${connectors.map(describe).join(', ')}`,
    )
  }

  // A class name always wins over another plugin's derived name.
  #indexNames(): void {
    for (const plugin of this.#plugins) {
      this.#byName.set(plugin.className, [...(this.#byName.get(plugin.className) ?? []), plugin])
    }
    const derived = new Map<string, RegisteredPlugin[]>()
    for (const plugin of this.#plugins) {
      for (const name of derivedNames(plugin)) derived.set(name, [...(derived.get(name) ?? []), plugin])
    }
    for (const [name, plugins] of derived) {
      const className = plugins[0]?.className ?? ''
      const isOneClass = plugins.every((plugin) => plugin.className === className)
      // A class that is both converter and header converter answers as either, under every one of its names.
      if (isOneClass && !this.#byName.has(name)) this.#byName.set(name, this.#byName.get(className) ?? plugins)
    }
  }
}

export const connectorKinds: readonly PluginKind[] = ['sink', 'source']

function identity(plugin: PluginManifestEntry): string {
  // A class may be converter and header converter at once: two entries of one name.
  return `${plugin.kind} ${plugin.className}`
}

function byListingOrder(a: RegisteredPlugin, b: RegisteredPlugin): number {
  const kinds = listingOrder.indexOf(a.kind) - listingOrder.indexOf(b.kind)
  if (kinds !== 0) return kinds
  return a.className < b.className ? -1 : a.className > b.className ? 1 : 0
}

function derivedNames(plugin: PluginManifestEntry): ReadonlySet<string> {
  const simple = simpleName(plugin.className)
  return new Set([plugin.name, ...plugin.aliases, simple, prunedName(simple, suffixes[plugin.kind])])
}

/** `a.b.Cast$Value` is called `Value`, as Java's `getSimpleName` calls it. */
function simpleName(className: string): string {
  return className.slice(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1)
}

function prunedName(simple: string, suffix: string): string {
  const at = simple.lastIndexOf(suffix)
  return at > 0 ? simple.slice(0, at) : simple
}

function describe({ className, version, kind, package: origin }: RegisteredPlugin): string {
  return `PluginDesc{klass=class ${className}, name='${className}', version='${version}', encodedVersion=${version}, type=${kind}, typeName='${kind}', location='${origin.name}'}`
}

function notFound(message: string): ConnectError {
  return new ConnectError(message, { code: 'CONNECT_PLUGIN_NOT_FOUND' })
}
