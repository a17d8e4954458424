import { ConnectError } from '@sluice/api'
import { readFile } from 'node:fs/promises'
import type { PluginManifest, PluginPackage } from './manifest.ts'
import type { LoadedManifest } from './plugin-registry.ts'

/** Reads the manifest of each package. Imports nothing of the packages (I4). */
export function readManifests(packages: readonly PluginPackage[]): Promise<readonly LoadedManifest[]> {
  return Promise.all(packages.map(async (origin) => ({ package: origin, manifest: await readManifest(origin) })))
}

async function readManifest(origin: PluginPackage): Promise<PluginManifest> {
  try {
    const manifest: unknown = JSON.parse(await readFile(new URL(origin.manifestUrl), 'utf8'))
    if (isManifest(manifest)) return manifest
    throw new Error('it lacks "version" or "plugins"')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConnectError(`Reading the plugin manifest ${origin.manifestUrl} of ${origin.name}: ${reason}.`, {
      cause,
      code: 'FILE_UNREADABLE',
    })
  }
}

function isManifest(value: unknown): value is PluginManifest {
  return typeof value === 'object' && value !== null && 'version' in value && 'plugins' in value
}
