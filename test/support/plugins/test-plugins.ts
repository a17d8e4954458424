// Connectors that misbehave on demand, and well-behaved ones to see what becomes of their neighbours.
import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { configSpec, defineSinkConnector, defineSourceConnector, field, RetriableError, Schema } from '@sluice/api'
import type { PluginDefinition } from '@sluice/api'

const sequenceSpec = configSpec({
  topic: field.string({ doc: 'Topic to write to.', importance: 'high' }),
  misbehaviour: field.oneOf(['none', 'hang', 'hang-later', 'throw', 'throw-stray', 'exit', 'leak', 'never'], {
    doc: 'What happens once the trigger file is there.',
    default: 'none',
  }),
  after: field.int({ doc: 'Records before it happens.', default: 20 }),
})

const hoard: Uint8Array[] = []

function hang(): void {
  for (;;) hoard.length = Math.min(hoard.length, 1)
}

const misbehaviours = {
  none: () => undefined,
  hang,
  'hang-later': async () => {
    await pause(1)
    hang()
  },
  throw: () => {
    throw new Error('it was told to throw')
  },
  'throw-stray': () => {
    setTimeout(() => {
      throw new Error('nobody awaits this')
    })
  },
  exit: () => process.exit(3),
  never: () => new Promise<void>(() => undefined),
  leak: () => {
    hoard.push(new Uint8Array(32 * 1_048_576).fill(1))
  },
} as const

/** Writes 0, 1, 2, … with its committed offset as the beginning, a few at a time. */
const sequenceSource = defineSourceConnector({
  name: 'sequence-source',
  className: 'sluice.test.SequenceSourceConnector',
  summary: 'Counts.',
  config: sequenceSpec,
  taskConfigs: (config) => [config],
  startTask: async (config, context) => {
    const partition = { topic: config.topic }
    const saved = await context.offsets.get(partition)
    const begin = saved === null ? 0 : Number(saved['next'])
    let next = begin
    return {
      poll: async () => {
        if (next - begin >= config.after) await misbehaviours[config.misbehaviour]()
        await pause(5, undefined, { signal: context.signal })
        const value = next
        next += 1
        return [
          {
            topic: config.topic,
            sourcePartition: partition,
            sourceOffset: { next },
            valueSchema: Schema.string,
            value: String(value),
          },
        ]
      },
    }
  },
})

/** Refuses each batch a number of times before it takes it; notes both in a file. */
const reluctantSink = defineSinkConnector({
  name: 'reluctant-sink',
  className: 'sluice.test.ReluctantSinkConnector',
  summary: 'Takes a batch when it was asked often enough.',
  config: configSpec({
    file: field.string({ doc: 'Where calls are noted.', importance: 'high' }),
    refusals: field.int({ doc: 'How often each batch is refused.', default: 2 }),
  }),
  startTask: (config, context) => {
    let refused = 0
    return {
      put: (records) => {
        if (records.length === 0) return
        const values = records.map(({ value }) => value).join(',')
        if (refused < config.refusals) {
          refused += 1
          appendFileSync(config.file, `refused ${values}\n`)
          context.timeout(10)
          throw new RetriableError('not yet')
        }
        refused = 0
        appendFileSync(config.file, `took ${values}\n`)
        context.requestCommit()
      },
      open: (partitions) => appendFileSync(config.file, `opened ${partitions.length}\n`),
      close: (partitions) => appendFileSync(config.file, `closed ${partitions.length}\n`),
      flush: () => appendFileSync(config.file, 'flushed\n'),
    }
  },
})

const plugins: readonly PluginDefinition[] = [sequenceSource, reluctantSink]

export default plugins
