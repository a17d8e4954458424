import type { ConverterDefinition } from './converter.ts'
import type { HeaderConverterDefinition } from './header-converter.ts'
import type { PredicateDefinition } from './predicate.ts'
import type { SinkConnectorDefinition } from './sink-connector.ts'
import type { SourceConnectorDefinition } from './source-connector.ts'
import type { TransformDefinition } from './transform.ts'

/** What the array of a `plugins.ts` lists. */
export type PluginDefinition =
  | SourceConnectorDefinition
  | SinkConnectorDefinition
  | ConverterDefinition
  | HeaderConverterDefinition
  | TransformDefinition
  | PredicateDefinition
