// The host process: started by the control plane with an IPC pipe and an inherited file for its mark. It ends when the
// control plane disconnects, or is gone.
import { Host } from './host.ts'
import { markDescriptor, openMark } from './mark-file.ts'
import { channelToParent } from './process-channel.ts'

/** What `exit` reports for an error that nobody owns: whatever the process holds can no longer be trusted. */
const strayExitCode = 70

const channel = channelToParent()
const host = new Host(channel, openMark(markDescriptor))

// A terminal sends these to every process of the group; the control plane decides when a host ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

process.on('uncaughtException', (error) => {
  if (host.attributeStray(error)) return
  host.logStray('A host ends after an error that no task or connector owns.', error)
  setImmediate(() => process.exit(strayExitCode))
})
process.on('unhandledRejection', (error) => {
  if (!host.attributeStray(error)) host.logStray('A promise was rejected that no task or connector owns.', error)
})

channel.onClose(() => {
  void host.stopAll().finally(() => process.exit(0))
})
