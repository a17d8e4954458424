export { type LaterFeature, laterFeatures } from './core/validation/later-features.ts'
export type { ConfigUpdate, Herder, NewConnector } from './herder/herder.ts'
export type { PluginManifest, PluginManifestEntry, PluginPackage } from './plugins/manifest.ts'
export { type RunningWorker, type StartConnector, startWorker, type StartWorkerOptions } from './start-worker.ts'
