import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { decodeResponse, encodeRequest, type ApiName, type Messages } from '@sluice/kafka/protocol'

/** A connection that speaks the protocol and nothing above it: for asking the broker exactly one thing. */
export class WireClient {
  readonly socket: Socket
  readonly #frames: Buffer[] = []
  #received = Buffer.alloc(0)
  #wake: (() => void) | null = null
  #lastId = 0
  closed = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => this.#take(bytes))
    socket.on('error', () => {})
    socket.once('close', () => {
      this.closed = true
      this.#wake?.()
    })
  }

  static async open(port: number): Promise<WireClient> {
    const socket = connect({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    return new WireClient(socket)
  }

  /** Sends a request and returns the body of its answer. */
  async call<N extends ApiName>(
    name: N,
    version: number,
    body: Messages[N]['requestInput'],
  ): Promise<Messages[N]['response']> {
    const id = this.send(name, version, body)
    const answer = decodeResponse(name, version, await this.frame())
    if (answer.correlationId !== id) throw new Error(`Answer ${answer.correlationId} to request ${id}`)
    return answer.body
  }

  /** Sends a request without waiting for anything; returns its correlation id. */
  send<N extends ApiName>(name: N, version: number, body: Messages[N]['requestInput']): number {
    this.#lastId += 1
    this.socket.write(encodeRequest(name, version, { correlationId: this.#lastId, clientId: 'wire' }, body))
    return this.#lastId
  }

  /** The next answer, without its size. */
  async frame(): Promise<Buffer> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame !== undefined) return frame
      if (this.closed) throw new Error('The broker ended the connection')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Resolves when the broker has ended the connection. */
  async end(): Promise<void> {
    if (!this.closed) await once(this.socket, 'close')
  }

  close(): void {
    this.socket.destroy()
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    while (this.#received.length >= 4 && this.#received.length >= 4 + this.#received.readInt32BE(0)) {
      const size = this.#received.readInt32BE(0)
      this.#frames.push(this.#received.subarray(4, 4 + size))
      this.#received = this.#received.subarray(4 + size)
    }
    this.#wake?.()
  }
}
