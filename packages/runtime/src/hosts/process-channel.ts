import type { ChildProcess } from 'node:child_process'
import type { Channel } from './channel.ts'

/** The control plane's end of the pipe to a host process. */
export function channelToChild(child: ChildProcess): Channel {
  return {
    // The callback takes the error of a pipe that closed meanwhile, which would be thrown otherwise.
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    onClose: (listener) => {
      child.once('disconnect', listener)
    },
    close: () => {
      if (child.connected) child.disconnect()
    },
  }
}

/** The host's end. Its closing means that the control plane is gone, or wants the host to end. */
export function channelToParent(): Channel {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message as object, undefined, undefined, () => undefined)
    },
    onMessage: (listener) => {
      process.on('message', listener)
    },
    onClose: (listener) => {
      process.once('disconnect', listener)
    },
    close: () => {
      if (process.connected) process.disconnect()
    },
  }
}
