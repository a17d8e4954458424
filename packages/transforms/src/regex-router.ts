import {
  compileJavaRegex,
  configSpec,
  defineTransform,
  field,
  isRegex,
  newRecord,
  type Transform,
  type TransformDefinition,
} from '@sluice/api'
import { compileReplacement } from './java-replacement.ts'

const config = configSpec({
  regex: field.string({
    doc: 'Expression in the syntax of Java that the whole name of a topic must match.',
    importance: 'high',
    check: isRegex,
  }),
  replacement: field.string({
    doc: 'The new name: $1 or ${name} stands for what a group matched, a backslash takes the next character as it is.',
    importance: 'high',
  }),
})

/** How many topics are remembered with their new names; records come from few. */
const rememberedTopics = 1000

function createRegexRouter(regex: string, replacement: string): Transform {
  const whole = compileJavaRegex(regex, { whole: true })
  const first = compileJavaRegex(regex)
  const replace = compileReplacement(replacement, countGroups(regex))
  const routes = new Map<string, string | null>()

  function route(topic: string): string | null {
    if (!whole.test(topic)) return null
    // Java asks whether the whole name matches and then replaces the first match, which need not be the whole name.
    const match = first.exec(topic)
    return match === null
      ? topic
      : topic.slice(0, match.index) + replace(match) + topic.slice(match.index + match[0].length)
  }

  function remembered(topic: string): string | null {
    const known = routes.get(topic)
    if (known !== undefined) return known
    const fresh = route(topic)
    if (routes.size >= rememberedTopics) routes.clear()
    routes.set(topic, fresh)
    return fresh
  }

  return {
    apply(record) {
      const topic = remembered(record.topic)
      return topic === null ? record : newRecord(record, { topic })
    },
  }
}

function countGroups(regex: string): number {
  // An alternative that is empty always matches, and the match lists every group.
  const match = compileJavaRegex(`${regex}|`).exec('')
  return match === null ? 0 : match.length - 1
}

/** RegexRouter: renames the topic of records. */
export const regexRouter: TransformDefinition<typeof config> = defineTransform({
  name: 'regex-router',
  className: 'org.apache.kafka.connect.transforms.RegexRouter',
  summary: 'Renames the topics that match a regular expression.',
  config,
  create: (settings) => createRegexRouter(settings.regex, settings.replacement),
})
