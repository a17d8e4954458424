import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laterConnectorFeatures, laterFeatures, laterFeaturesIn } from './later-features.ts'

test('the page of differences names every key without effect, with the same words', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/differences.md'), 'utf8')
  const listed = page.split('\n').filter((line) => /^\| `[\w.*]+` \| has no effect/.test(line))
  expect(listed).toEqual(laterFeatures().map(({ key, meaning }) => `| \`${key}\` | ${meaning} |`))
})

test('a key is named where its value would change what happens, and only there', () => {
  const props = {
    'errors.tolerance': 'all',
    'errors.retry.timeout': '0',
    'topic.creation.default.partitions': '3',
    topic: 'x',
  }
  expect(laterFeaturesIn(props, laterConnectorFeatures)).toEqual([
    'errors.tolerance has no effect yet: every record that fails fails its task.',
    'topic.creation.default.partitions has no effect yet: the broker creates missing topics with its own defaults.',
  ])
})
