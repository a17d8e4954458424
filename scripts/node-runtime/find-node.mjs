// Where the Node that the repository brings is, if it is there. Plain JavaScript for Node 20: read by
// scripts/prepare.mjs and, in a clone, by the launcher (packages/cli/bin/sluice.js).
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))

/** For example `24.6`: the first Node that runs TypeScript without a flag and has the APIs we use. */
export const MINIMUM_NODE = JSON.parse(
  readFileSync(join(folder, '..', '..', 'package.json'), 'utf8'),
).engines.node.replace('>=', '')

/** `version`: as in process.versions.node, for example `24.6.0`. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  const [wantedMajor, wantedMinor] = MINIMUM_NODE.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/** Path of the carried Node's binary, or null where none is installed for this platform. */
export function carriedNode() {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    const path = join(folder, 'node_modules', name, 'bin', binary)
    if (existsSync(path)) return path
  }
  return null
}
