import { createServer, type AddressInfo, type Server } from 'node:net'
import type { Broker } from '../broker.ts'
import { reasonOf } from '../broker-log.ts'
import { EmbeddedBrokerError } from '../storage/broker-error.ts'
import { Connection } from './connection.ts'
import type { RequestCounts } from './request-counts.ts'

/** Where to listen; port 0 is any that is free. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** A port that is ours, on which nobody is answered yet. */
export interface BoundPort {
  readonly port: number
  /** Begins to answer. */
  serve(options: { readonly broker: Broker; readonly maxRequestBytes: number; readonly counts: RequestCounts }): void
  /** Stops listening and ends all connections. */
  close(): Promise<void>
}

/**
 * Takes the port. Clients that connect before `serve` wait.
 *
 * @throws EmbeddedBrokerError PORT_UNAVAILABLE, naming the port and the way out
 */
export async function bindPort(address: ListenAddress): Promise<BoundPort> {
  // Paused, because the first bytes must go where readIntoSharedBuffer puts them.
  const server = createServer({ pauseOnConnect: true })
  await listen(server, address)
  const { port } = server.address() as AddressInfo
  const connections = new Set<Connection>()
  return {
    port,
    serve: (options) => {
      server.on('connection', (socket) => {
        const connection = new Connection(socket, options)
        connections.add(connection)
        connection.onClosed(() => connections.delete(connection))
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const connection of connections) connection.destroy()
      }),
  }
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError({ host, port }, error)))
    server.listen({ host, port }, () => resolve())
  })
}

function listenError({ host, port }: ListenAddress, error: NodeJS.ErrnoException): EmbeddedBrokerError {
  const found =
    error.code === 'EADDRINUSE'
      ? 'another process is using it. Stop that one, choose another port, or port 0 for any that is free.'
      : `${reasonOf(error)}. Choose another host or port, or port 0 for any that is free.`
  return new EmbeddedBrokerError('PORT_UNAVAILABLE', `Listening on ${host}:${port}: ${found}`, { cause: error })
}
