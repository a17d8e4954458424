import { type ConfigSpec, configSpec, embedSpec, field, mergeSpecs, type Props } from '@sluice/api'
import { type FrameworkFacts, frameworkSpec } from './connector-config.ts'

/** A transform or predicate that an alias names. */
export interface ChainPlugin {
  readonly className: string
  readonly version: string
  readonly config: ConfigSpec
}

/** The plugins of a connector's chain by alias; null where the alias names none that can be used. */
export interface ConnectorChain {
  readonly transforms: ReadonlyMap<string, ChainPlugin | null>
  readonly predicates: ReadonlyMap<string, ChainPlugin | null>
}

export interface ConnectorSpecInput {
  readonly type: 'source' | 'sink'
  readonly framework: FrameworkFacts
  readonly chain: ConnectorChain
  /** Class names that `transforms.<alias>.type` and `predicates.<alias>.type` are offered. */
  readonly transformClasses: readonly string[]
  readonly predicateClasses: readonly string[]
}

/** The aliases that `transforms` or `predicates` lists, each once, in order. */
export function aliasesOf(props: Props, key: 'transforms' | 'predicates'): readonly string[] {
  const text = props[key]?.trim() ?? ''
  return text === '' ? [] : [...new Set(text.split(/\s*,\s*/))]
}

/**
 * Connect's keys for this connector: those of every connector, and for each alias of a transform or predicate those
 * of its plugin. The connector's own keys are not among them.
 */
export function connectorSpec(input: ConnectorSpecInput): ConfigSpec {
  let spec = frameworkSpec(input.type, input.framework)
  for (const [alias, plugin] of input.chain.transforms) {
    spec = mergeSpecs(spec, aliasSpec({ alias, plugin, kind: transform, classes: input.transformClasses }))
  }
  for (const [alias, plugin] of input.chain.predicates) {
    spec = mergeSpecs(spec, aliasSpec({ alias, plugin, kind: predicate, classes: input.predicateClasses }))
  }
  return spec
}

interface AliasKind {
  readonly prefix: string
  readonly group: string
  readonly label: string
  /** What the framework adds to the plugin's own keys; it hides keys of the same name. */
  readonly added: ConfigSpec
}

const transform: AliasKind = {
  prefix: 'transforms.',
  group: 'Transforms: ',
  label: 'Transformation',
  added: configSpec({
    predicate: field.string({ doc: 'Alias of the predicate that decides for which records it runs.', optional: true }),
    negate: field.boolean({ doc: 'Whether it runs where the predicate does not hold.', default: false }),
  }),
}

const predicate: AliasKind = {
  prefix: 'predicates.',
  group: 'Predicates: ',
  label: 'Predicate',
  added: configSpec({}),
}

interface AliasSpecInput {
  readonly alias: string
  readonly plugin: ChainPlugin | null
  readonly kind: AliasKind
  readonly classes: readonly string[]
}

function aliasSpec({ alias, plugin, kind, classes }: AliasSpecInput): ConfigSpec {
  const prefix = `${kind.prefix}${alias}.`
  const group = `${kind.group}${alias}`
  const place = { group, importance: 'high', width: 'long' } as const
  const version = field.string({
    ...place,
    doc: `Versions of the ${kind.label.toLowerCase()} that may be used.`,
    optional: true,
    order: 1,
    displayName: `${kind.label} version for ${alias}`,
    ...(plugin === null ? {} : { recommended: [plugin.version] }),
  })
  const own = configSpec({
    [`${prefix}type`]: field.class({
      ...place,
      doc: `Class of the ${kind.label.toLowerCase()}.`,
      order: 0,
      displayName: `${kind.label} type for ${alias}`,
      recommended: classes,
    }),
    [`${prefix}plugin.version`]: { ...version, defaultValue: plugin?.version ?? null },
  })
  if (plugin === null) return mergeSpecs(own, configSpec({}, { openPrefixes: [prefix] }))
  return mergeSpecs(own, embedSpec(mergeSpecs(plugin.config, kind.added), prefix, { group, firstOrder: 2 }))
}
