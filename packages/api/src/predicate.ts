import type { Config, ConfigSpec } from './config/config-spec.ts'
import { definePlugin, type PluginDefinitionBase, type PluginFacts } from './plugin.ts'
import type { ConnectRecord } from './record/connect-record.ts'

/** Decides for which records a transform runs. */
export interface Predicate {
  test(record: ConnectRecord): boolean
  /** Called once, when the task has ended. */
  close?(): void | Promise<void>
}

/** What an author declares. */
export interface PredicateOptions<S extends ConfigSpec> extends PluginFacts<S> {
  /** Called once per task and alias, before the first record. */
  create(config: Config<S>): Predicate
}

/** A predicate as the runtime sees it. */
export interface PredicateDefinition<S extends ConfigSpec = ConfigSpec> extends PluginDefinitionBase<S> {
  readonly kind: 'predicate'
  create(config: Config<S>): Predicate
}

/** Declares a predicate. */
export function definePredicate<S extends ConfigSpec>(options: PredicateOptions<S>): PredicateDefinition<S> {
  return definePlugin('predicate', options)
}
