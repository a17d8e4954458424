import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { KafkaError } from '../errors/kafka-error.ts'
import { formatAddress } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'

/** How a socket is opened. */
export interface SocketOptions {
  readonly timeoutMs: number
  /** Size of the one buffer that every read goes through. */
  readonly readBufferSize: number
  /** Each chunk read; valid only during the call. */
  onChunk(chunk: Uint8Array): void
}

const keepAliveMs = 60_000

/**
 * Connects within the time given. The socket comes with an error listener, without Nagle's delay, with keepalive, and
 * reads into one buffer.
 * @throws KafkaError NETWORK_EXCEPTION or REQUEST_TIMED_OUT, naming the address and what to look at
 */
export function openSocket(address: BrokerAddress, options: SocketOptions): Promise<Socket> {
  const where = `Connecting to broker ${formatAddress(address)}`
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafeSlow(options.readBufferSize)
    const socket = connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
      onread: {
        buffer,
        callback: (length: number): boolean => {
          options.onChunk(buffer.subarray(0, length))
          return true
        },
      },
    })
    const timer = setTimeout(() => {
      socket.destroy()
      reject(
        new KafkaError(
          'REQUEST_TIMED_OUT',
          `${where}: no connection within ${options.timeoutMs} ms. Check the address in bootstrap.servers, and that no firewall is in the way.`,
        ),
      )
    }, options.timeoutMs)
    // Stays for the life of the socket: a socket without an error listener ends the process when its peer resets it.
    socket.on('error', (error) => {
      clearTimeout(timer)
      reject(new KafkaError('NETWORK_EXCEPTION', `${where}: ${explain(error)}`, { cause: error }))
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
  })
}

function explain(error: Error & { code?: string }): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'connection refused: nothing listens there. Check that the broker runs, and the address in bootstrap.servers.'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name cannot be resolved (${error.code}). Check the name in bootstrap.servers, or the advertised listeners of the broker.`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `the host cannot be reached (${error.code}). Check the network and the address in bootstrap.servers.`
    default:
      return error.message === '' ? (error.code ?? 'unknown error') : error.message
  }
}
