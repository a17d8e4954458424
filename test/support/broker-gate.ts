// Stands between a worker and its broker, and stops everything between them at a chosen request: the same moment in
// every run, however fast the machine is.
import { startFaultProxy } from '../../packages/kafka/contract/support/tcp-proxy.ts'

/** A request at which the gate closes. */
export interface Moment {
  readonly api: 'Produce' | 'Fetch' | 'OffsetCommit'
  /** Which one from now on; 1 is the next. */
  readonly count: number
  /** Whether the broker still gets it, and only its answer is held. */
  readonly isAnswerHeld: boolean
}

/** A gate that is open. */
export interface BrokerGate {
  /** For the worker; whoever watches asks the broker itself. */
  readonly bootstrapServers: string
  /** Resolves when the gate has closed: nothing more is asked of the broker. */
  closeAt(moment: Moment): Promise<void>
  /** Lets everything through that was held, and what follows. */
  open(): void
  /** Ends every connection, for good. */
  close(): Promise<void>
}

/** Starts a gate for the broker on this port of 127.0.0.1. */
export async function startBrokerGate(port: number): Promise<BrokerGate> {
  const proxy = await startFaultProxy({ host: '127.0.0.1', port })
  return {
    bootstrapServers: proxy.bootstrapServers,
    closeAt: ({ api, count, isAnswerHeld }) =>
      new Promise((resolve) => {
        let left = count
        proxy.setFate((passing) => {
          if (left === 0) return 'hold request'
          if (passing.api !== api) return 'pass'
          left -= 1
          if (left > 0) return 'pass'
          resolve()
          return isAnswerHeld ? 'hold answer' : 'hold request'
        })
      }),
    open() {
      proxy.setFate(() => 'pass')
      proxy.release()
    },
    close: () => proxy.close(),
  }
}
