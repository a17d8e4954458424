import { ConfigError, type Converter, type HeaderConverter, type Predicate, type Props } from '@sluice/api'
import { aliasesOf } from '../core/validation/connector-spec.ts'
import { configAt, type HostPlugins, pluginAt, withoutPrefix } from './host-plugins.ts'
import { type NamedConverter, RecordPipeline } from './record-pipeline.ts'
import { type ChainLink, TransformChain } from './transform-chain.ts'

export interface PipelineInput {
  readonly plugins: HostPlugins
  readonly workerProps: Props
  readonly connectorConfig: Props
  readonly taskClass: string
}

/** Creates the converters, transforms and predicates of one task. A ConfigError says which key is at fault. */
export async function buildPipeline(input: PipelineInput): Promise<RecordPipeline> {
  const [key, value, header, chain] = await Promise.all([
    dataConverter(input, 'key'),
    dataConverter(input, 'value'),
    headerConverter(input),
    transformChain(input),
  ])
  return new RecordPipeline({ task: { stage: 'TASK_POLL', className: input.taskClass }, key, value, header, chain })
}

interface ConverterChoice {
  readonly key: string
  readonly name: string
  readonly props: Props
}

/**
 * A converter that the connector names has the connector's settings only; the worker's has the worker's only. So a
 * connector's `key.converter.schemas.enable` means nothing without `key.converter` beside it.
 */
function choose({ workerProps, connectorConfig }: PipelineInput, use: string, otherwise: string): ConverterChoice {
  const key = `${use}.converter`
  const own = connectorConfig[key]
  const source = typeof own === 'string' ? connectorConfig : workerProps
  return {
    key,
    name: source[key] ?? otherwise,
    props: { ...withoutPrefix(source, `${key}.`), 'converter.type': use },
  }
}

async function dataConverter(input: PipelineInput, use: 'key' | 'value'): Promise<NamedConverter<Converter>> {
  const choice = choose(input, use, '')
  const definition = await pluginAt(input.plugins, choice.key, choice.name, ['converter'])
  return {
    step: { stage: use === 'key' ? 'KEY_CONVERTER' : 'VALUE_CONVERTER', className: definition.className },
    converter: definition.create(configAt(input.plugins, definition.config, choice.props), { type: use }),
  }
}

/** What header.converter is when nobody sets it. */
export const defaultHeaderConverter = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

async function headerConverter(input: PipelineInput): Promise<NamedConverter<HeaderConverter>> {
  const choice = choose(input, 'header', defaultHeaderConverter)
  const definition = await pluginAt(input.plugins, choice.key, choice.name, ['header_converter'])
  return {
    step: { stage: 'HEADER_CONVERTER', className: definition.className },
    converter: definition.create(configAt(input.plugins, definition.config, choice.props), { type: 'header' }),
  }
}

async function transformChain(input: PipelineInput): Promise<TransformChain> {
  const { plugins, connectorConfig } = input
  const predicates = new Map<string, Predicate>()
  for (const alias of aliasesOf(connectorConfig, 'predicates')) predicates.set(alias, await predicate(input, alias))
  const links: ChainLink[] = []
  for (const alias of aliasesOf(connectorConfig, 'transforms')) {
    const prefix = `transforms.${alias}.`
    const { type, predicate: name, negate, ...own } = withoutPrefix(connectorConfig, prefix)
    const definition = await pluginAt(plugins, `${prefix}type`, type ?? '', ['transformation'])
    links.push({
      step: { stage: 'TRANSFORMATION', className: definition.className },
      transform: definition.create(configAt(plugins, definition.config, own)),
      predicate: typeof name === 'string' ? declared(predicates, name.trim()) : null,
      negate: negate?.trim().toLowerCase() === 'true',
    })
  }
  return new TransformChain(links)
}

async function predicate({ plugins, connectorConfig }: PipelineInput, alias: string): Promise<Predicate> {
  const prefix = `predicates.${alias}.`
  const { type, ...own } = withoutPrefix(connectorConfig, prefix)
  const definition = await pluginAt(plugins, `${prefix}type`, type ?? '', ['predicate'])
  return definition.create(configAt(plugins, definition.config, own))
}

function declared(predicates: ReadonlyMap<string, Predicate>, alias: string): Predicate {
  const found = predicates.get(alias)
  if (found) return found
  // The words in which Connect refuses an alias that `predicates` does not list.
  throw new ConfigError(`Unknown configuration 'predicates.${alias}.plugin.version'`, [
    { key: `predicates.${alias}.type`, message: `The predicate ${alias} is not listed in predicates.` },
  ])
}
