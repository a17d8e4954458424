import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { BrokerLog } from '../broker-log.ts'
import { openDiskLog, openMemoryLog, removeLogDir, type LogEnvironment } from '../log/open-log.ts'
import { EmbeddedBrokerError } from '../storage/broker-error.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { settingsOf, type Topic, type TopicFacts, type TopicStorage } from './topics.ts'

const format = 1

/** What the logs of all topics share. */
export type SharedLogEnvironment = Omit<LogEnvironment, 'settings' | 'now'>

/** Topics that live as long as the process. */
export function createMemoryTopicStorage(env: SharedLogEnvironment): TopicStorage {
  return {
    openLog: (topic) => openMemoryLog({ ...env, settings: settingsOf(topic), now: Date.now() }),
    save: () => {},
    forget: () => {},
  }
}

/**
 * Topics in a folder: `topics.json` says which there are, `logs/<id of the topic in hex>/<partition>/` hold the records.
 * (The id and not the name: names that differ in case alone are one file on some systems, and a topic that is created
 * again under its old name must not find the old records.)
 */
export function createDiskTopicStorage(dir: string, env: SharedLogEnvironment): TopicStorage {
  const logs = path.join(dir, 'logs')
  mkdirSync(logs, { recursive: true })
  return {
    openLog: (topic: Topic, partition: number) =>
      openDiskLog(path.join(logs, folderName(topic.id), String(partition)), {
        ...env,
        settings: settingsOf(topic),
        now: Date.now(),
      }),
    save: (topics) => replaceFile(topicsFile(dir), `${JSON.stringify({ format, topics }, null, 1)}\n`),
    forget: (topicId) => removeLogDir(path.join(logs, folderName(topicId))),
  }
}

/** The topics that a folder holds. Logs that belong to none of them (a deletion was cut short) are deleted. */
export function readTopics(dir: string, log: BrokerLog): TopicFacts[] {
  const topics = readTopicsFile(topicsFile(dir))
  const known = new Set(topics.map((topic) => folderName(topic.id)))
  const logs = path.join(dir, 'logs')
  for (const name of readdirSync(logs)) {
    if (known.has(name) || !/^[0-9a-f]{32}$/.test(name)) continue
    removeLogDir(path.join(logs, name))
    log.info('The rest of a deleted topic was removed', { dir: path.join(logs, name) })
  }
  return topics
}

function readTopicsFile(file: string): TopicFacts[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const topics = parseTopics(text)
  if (topics !== null) return topics
  throw new EmbeddedBrokerError(
    'DATA_DIR_UNUSABLE',
    `Reading ${file}: this is not what format ${format} of the embedded broker writes. Choose another data folder, or the version of Sluice that wrote this one.`,
  )
}

function parseTopics(text: string): TopicFacts[] | null {
  try {
    const parsed = JSON.parse(text) as { format?: unknown; topics?: unknown } | null
    return parsed?.format === format && Array.isArray(parsed.topics) ? (parsed.topics as TopicFacts[]) : null
  } catch {
    return null
  }
}

function topicsFile(dir: string): string {
  return path.join(dir, 'topics.json')
}

function folderName(topicId: string): string {
  return Buffer.from(topicId, 'base64url').toString('hex')
}
