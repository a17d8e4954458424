import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { EmbeddedBrokerError } from './broker-error.ts'
import { replaceFile } from './replace-file.ts'

const format = 1
const idsPerBlock = 1_000

/** What the broker remembers of itself over restarts. */
export interface ClusterFacts {
  readonly clusterId: string
  /** How often the broker has started before: the leader epoch of all its partitions. */
  readonly starts: number
  /** No producer id from this one on has been given out. */
  readonly nextProducerId: number
}

/** Identity of the broker, and the ids that it gives to producers. */
export interface Cluster {
  readonly clusterId: string
  readonly leaderEpoch: number
  /** An id that no producer has had, over restarts too. Throws if that cannot be kept. */
  newProducerId(): number
}

/** A cluster that lives as long as the process. */
export function createMemoryCluster(): Cluster {
  return createCluster({ clusterId: newClusterId(), starts: 0, nextProducerId: 0 }, () => {})
}

/** The cluster that this file describes, or a new one; this start is noted in it. */
export function openCluster(file: string): Cluster {
  const known = readFacts(file)
  const facts = known ?? { clusterId: newClusterId(), starts: 0, nextProducerId: 0 }
  const save = (changed: ClusterFacts): void => replaceFile(file, `${JSON.stringify({ format, ...changed })}\n`)
  save({ ...facts, starts: facts.starts + 1 })
  return createCluster(facts, save)
}

function createCluster(facts: ClusterFacts, save: (facts: ClusterFacts) => void): Cluster {
  let next = facts.nextProducerId
  let reserved = next
  return {
    clusterId: facts.clusterId,
    leaderEpoch: facts.starts,
    newProducerId: () => {
      if (next === reserved) {
        save({ ...facts, starts: facts.starts + 1, nextProducerId: reserved + idsPerBlock })
        reserved += idsPerBlock
      }
      return next++
    },
  }
}

function readFacts(file: string): ClusterFacts | null {
  const text = readOrNull(file)
  if (text === null) return null
  const facts = parseFacts(text)
  if (facts !== null) return facts
  throw new EmbeddedBrokerError(
    'DATA_DIR_UNUSABLE',
    `Reading ${file}: this is not what format ${format} of the embedded broker writes. Choose another data folder, or the version of Sluice that wrote this one.`,
  )
}

function parseFacts(text: string): ClusterFacts | null {
  try {
    const facts = JSON.parse(text) as Partial<ClusterFacts & { format: number }> | null
    if (facts?.format !== format || typeof facts.clusterId !== 'string') return null
    if (!Number.isSafeInteger(facts.starts) || !Number.isSafeInteger(facts.nextProducerId)) return null
    return { clusterId: facts.clusterId, starts: facts.starts ?? 0, nextProducerId: facts.nextProducerId ?? 0 }
  } catch {
    return null
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function newClusterId(): string {
  return randomBytes(16).toString('base64url')
}
