import type { Socket } from 'node:net'
import type { RequestHeader } from '@sluice/kafka/protocol'
import type { Call } from '../apis/handler.ts'
import type { Broker } from '../broker.ts'
import { reasonOf } from '../broker-log.ts'
import { readIntoSharedBuffer } from './adopt-socket.ts'
import { decodeHeader, dispatch, findApi, MalformedRequest, type Reply } from './dispatch.ts'
import { FrameAssembler, type Frame } from './frame-assembler.ts'
import type { RequestCounts } from './request-counts.ts'

/** While so many requests wait, no more are read from the connection (I9). */
const maxWaitingFrames = 16
const maxWaitingBytes = 4 * 1024 * 1024

/** What a connection needs of its server. */
export interface ConnectionOptions {
  readonly broker: Broker
  readonly maxRequestBytes: number
  readonly counts: RequestCounts
}

/**
 * One client. Its requests are answered one after the other, in order, as Kafka does it: the next one is begun when the
 * answer to the last has been taken by the system, so a client that reads slowly holds up nobody but itself.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #socket: Socket
  readonly #assembler: FrameAssembler
  readonly #waiting: Frame[] = []
  readonly #closeCallbacks = new Set<() => void>()
  #waitingBytes = 0
  #isBusy = false
  #isInLoop = false

  constructor(accepted: Socket, options: ConnectionOptions) {
    this.#options = options
    this.#assembler = new FrameAssembler(options.broker.buffers, options.maxRequestBytes)
    this.#socket = readIntoSharedBuffer(accepted, (bytes) => this.#read(bytes))
    this.#socket.setNoDelay(true)
    this.#socket.on('error', (error) => options.broker.log.debug('A connection broke', { reason: error.message }))
    this.#socket.once('close', () => this.#closed())
    options.counts.connections += 1
    this.#socket.resume()
  }

  /** Calls back when the connection has ended. */
  onClosed(callback: () => void): void {
    this.#closeCallbacks.add(callback)
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  #read(bytes: Buffer): boolean {
    try {
      this.#assembler.push(bytes, (frame) => {
        this.#waiting.push(frame)
        this.#waitingBytes += frame.bytes.length
      })
    } catch (error) {
      this.#malformed(error)
      return false
    }
    this.#next()
    return !this.#isFull
  }

  get #isFull(): boolean {
    return this.#waiting.length >= maxWaitingFrames || this.#waitingBytes >= maxWaitingBytes
  }

  #next(): void {
    if (this.#isInLoop) return
    this.#isInLoop = true
    const wasFull = this.#isFull
    while (!this.#isBusy && !this.#socket.destroyed) {
      const frame = this.#waiting.shift()
      if (frame === undefined) break
      this.#waitingBytes -= frame.bytes.length
      this.#handle(frame)
    }
    this.#isInLoop = false
    if (wasFull && !this.#isFull) this.#socket.resume()
  }

  #handle(frame: Frame): void {
    this.#isBusy = true
    this.#options.counts.requests += 1
    const callbacks = [() => this.#options.broker.buffers.giveBack(frame.buffer)]
    const done = (): void => {
      for (const callback of callbacks.splice(0)) callback()
    }
    try {
      const header = decodeHeader(frame.bytes)
      const reply = this.#reply(frame.bytes, header, callbacks)
      if (!(reply instanceof Promise)) return this.#send(reply, done)
      reply.then(
        (parts) => this.#send(parts, done),
        (error: unknown) => this.#failed(error, done),
      )
    } catch (error) {
      this.#failed(error, done)
    }
  }

  #reply(bytes: Buffer, header: RequestHeader, callbacks: (() => void)[]): Reply | Promise<Reply> {
    const found = findApi(header)
    if (found === 'close') this.#unsupported(header)
    if (found === null || found === 'close' || !('key' in found)) return found
    const { remoteAddress } = this.#socket
    const call: Call = {
      version: header.apiVersion,
      clientId: header.clientId ?? '',
      clientHost: `/${remoteAddress ?? ''}`,
      afterAnswer: (callback) => callbacks.push(callback),
      onClosed: (callback) => {
        this.#closeCallbacks.add(callback)
        return () => this.#closeCallbacks.delete(callback)
      },
    }
    return dispatch(this.#options.broker, found, { frame: bytes, header, call })
  }

  #send(reply: Reply, done: () => void): void {
    if (reply === 'close' || this.#socket.destroyed) {
      done()
      this.#socket.destroy()
      return
    }
    const isTaken = reply === null || this.#write(reply, done)
    if (reply === null) done()
    if (isTaken) return this.#ready()
    this.#socket.once('drain', () => this.#ready())
  }

  #write(parts: readonly Buffer[], done: () => void): boolean {
    if (parts.length === 1 && parts[0] !== undefined) return this.#socket.write(parts[0], done)
    this.#socket.cork()
    let isTaken = true
    for (const [i, part] of parts.entries())
      isTaken = i === parts.length - 1 ? this.#socket.write(part, done) : this.#socket.write(part)
    this.#socket.uncork()
    return isTaken
  }

  #ready(): void {
    this.#isBusy = false
    this.#next()
  }

  #unsupported(header: RequestHeader): void {
    const { counts, broker } = this.#options
    counts.unsupportedRequests += 1
    broker.log.warn('A client asked for an API or a version that this broker does not speak: its connection is ended', {
      apiKey: header.apiKey,
      version: header.apiVersion,
      clientId: header.clientId,
    })
  }

  #failed(error: unknown, done: () => void): void {
    done()
    if (error instanceof MalformedRequest) return this.#malformed(error)
    this.#options.counts.failedRequests += 1
    this.#options.broker.log.error('A request ran into a fault of the broker: its connection is ended', {
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    this.#socket.destroy()
  }

  #malformed(error: unknown): void {
    this.#options.counts.malformedRequests += 1
    this.#options.broker.log.warn('What came over a connection is not a request: the connection is ended', {
      from: this.#socket.remoteAddress,
      found: reasonOf(error),
    })
    this.#socket.destroy()
  }

  #closed(): void {
    this.#options.counts.connections -= 1
    this.#assembler.drop()
    this.#waiting.length = 0
    for (const callback of this.#closeCallbacks) callback()
    this.#closeCallbacks.clear()
  }
}
