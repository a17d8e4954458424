// Where the Node that the repository brings is, if it is there. Plain JavaScript for Node 20: read by
// scripts/prepare.mjs and, in a clone, by the launcher (packages/cli/bin/sluice.js).
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The first Node that strips types without a flag or a warning and has the APIs we use. */
export const MINIMUM_NODE = '24.6'

/** `version`: as in process.versions.node, for example `24.6.0`. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  const [wantedMajor, wantedMinor] = MINIMUM_NODE.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/** Path of the carried Node's binary, or null where none is installed for this platform. */
export function carriedNode() {
  const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules')
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    const path = join(modules, name, 'bin', binary)
    if (existsSync(path)) return path
  }
  return null
}
