import type { Socket } from 'node:net'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import { api, commonVersion } from '../protocol/api-table.ts'
import type { ApiName, Messages } from '../protocol/api-table.ts'
import { decodeResponse, encodeRequestParts } from '../protocol/frame-codec.ts'
import { formatAddress } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'
import { longestTimerMs } from './delay.ts'
import { FrameAssembler } from './frame-assembler.ts'
import type { FramePool, PooledFrame } from './frame-pool.ts'
import { openSocket } from './open-socket.ts'

/** How a connection behaves. */
export interface ConnectionOptions {
  readonly clientId: string
  readonly connectTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly idleMs: number
  readonly readBufferSize?: number
}

/** How one request differs from the rest of its connection. */
export interface CallOptions {
  readonly timeoutMs?: number
}

/** A response whose bytes stay in pooled memory until the frame is released. */
export interface PooledResponse<N extends ApiName> {
  readonly body: Messages[N]['response']
  readonly frame: PooledFrame
}

interface PendingCall {
  readonly name: ApiName
  readonly version: number
  readonly deadlineMs: number
  readonly frames: FramePool | null
  frame: PooledFrame | null
  resolve(body: unknown, frame: PooledFrame | null): void
  reject(error: KafkaError): void
}

// What a TLS or HTTP server sends, read as a size, lies above this; what fetch.max.bytes may ask for, below.
const maxFrameSize = 256 * 1024 * 1024
const defaultReadBufferSize = 32 * 1024
const software = { clientSoftwareName: 'sluice', clientSoftwareVersion: '0.1.0' }

/**
 * One socket to one broker. Requests go out in the order of the calls; the broker answers in that order, so a request
 * behind a long poll waits for it: whatever must not wait has a connection of its own.
 *
 * A request that is not answered in time closes the connection, as in Java: on a broker that hangs nothing after it
 * would be answered either. Everything pending then fails with the cause.
 */
export class Connection {
  readonly address: BrokerAddress
  readonly #options: ConnectionOptions
  readonly #pending = new Map<number, PendingCall>()
  readonly #versions = new Map<ApiName, number>()
  readonly #closeListeners: ((error: KafkaError) => void)[] = []
  #socket: Socket | null = null
  #offered: ReadonlyMap<number, readonly [min: number, max: number]> = new Map()
  #nextCorrelationId = 0
  #timer: { readonly handle: NodeJS.Timeout; readonly atMs: number } | null = null
  #closedBy: KafkaError | null = null

  private constructor(address: BrokerAddress, options: ConnectionOptions) {
    this.address = address
    this.#options = options
  }

  /**
   * Connects and learns which versions the broker speaks, all within `connectTimeoutMs`.
   * @throws KafkaError that names the address and what to look at
   */
  static async open(address: BrokerAddress, options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(address, options)
    const deadline = performance.now() + options.connectTimeoutMs
    const assembler = new FrameAssembler({
      allocate: (correlationId, size) => connection.#allocate(correlationId, size),
      complete: (correlationId, frame) => connection.#complete(correlationId, frame),
    })
    const socket = await openSocket(address, {
      timeoutMs: options.connectTimeoutMs,
      readBufferSize: options.readBufferSize ?? defaultReadBufferSize,
      onChunk: (chunk) => connection.#read(assembler, chunk),
    })
    connection.#attach(socket)
    await connection.#learnVersions(Math.max(1, deadline - performance.now()))
    return connection
  }

  get isOpen(): boolean {
    return this.#closedBy === null
  }

  /** Requests sent and not yet answered. */
  get inFlight(): number {
    return this.#pending.size
  }

  /** Runs once, when the connection has closed, with the cause; at once when it has. */
  onClose(listener: (error: KafkaError) => void): void {
    if (this.#closedBy === null) this.#closeListeners.push(listener)
    else listener(this.#closedBy)
  }

  /** The newest version of the API that both sides speak. */
  versionOf(name: ApiName): number {
    const known = this.#versions.get(name)
    if (known !== undefined) return known
    const range = this.#offered.get(api(name).key)
    if (range === undefined) {
      throw new KafkaError('UNSUPPORTED_VERSION', `Broker ${formatAddress(this.address)} does not know ${name}`)
    }
    const version = commonVersion(name, range[0], range[1])
    this.#versions.set(name, version)
    return version
  }

  /** Sends a request and resolves with the response's body; error codes inside it are the caller's to read. */
  call<N extends ApiName>(
    name: N,
    body: Messages[N]['requestInput'],
    options: CallOptions = {},
  ): Promise<Messages[N]['response']> {
    return new Promise((resolve, reject) => {
      this.#send(name, body, {
        ...this.#expectation(name, options),
        frames: null,
        resolve: (response) => resolve(response as Messages[N]['response']),
        reject,
      })
    })
  }

  /** As `call`, with the response in a frame of the pool: the caller releases it. */
  callPooled<N extends ApiName>(
    name: N,
    body: Messages[N]['requestInput'],
    options: CallOptions & { readonly frames: FramePool },
  ): Promise<PooledResponse<N>> {
    return new Promise((resolve, reject) => {
      this.#send(name, body, {
        ...this.#expectation(name, options),
        frames: options.frames,
        resolve: (response, frame) => {
          if (frame !== null) resolve({ body: response as Messages[N]['response'], frame })
        },
        reject,
      })
    })
  }

  /** Sends a request that the broker does not answer (Produce without acknowledgement); resolves when it was written. */
  tell<N extends ApiName>(name: N, body: Messages[N]['requestInput']): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket
      if (socket === null || this.#closedBy !== null) return reject(this.#closedBy ?? this.#closedError())
      const parts = this.#encode(name, this.versionOf(name), this.#takeCorrelationId(), body)
      this.#write(socket, parts, (error) => {
        if (error === undefined || error === null) resolve()
        else reject(this.#closedBy ?? this.#lost(error))
      })
    })
  }

  /** Ends the connection; what is pending fails. */
  close(): void {
    this.#fail(this.#closedError())
  }

  #closedError(): KafkaError {
    return new KafkaError(
      'NETWORK_EXCEPTION',
      `The connection to broker ${formatAddress(this.address)} was closed here`,
    )
  }

  #expectation(
    name: ApiName,
    options: CallOptions,
  ): { name: ApiName; version: number; deadlineMs: number; frame: null } {
    const timeoutMs = options.timeoutMs ?? this.#options.requestTimeoutMs
    // A version that cannot be had is found in #send, where it becomes the rejection.
    const version = this.#closedBy === null ? this.versionOf(name) : 0
    return { name, version, deadlineMs: performance.now() + timeoutMs, frame: null }
  }

  #send(name: ApiName, body: object, call: PendingCall): void {
    const socket = this.#socket
    if (socket === null || this.#closedBy !== null) return call.reject(this.#closedBy ?? this.#closedError())
    const correlationId = this.#takeCorrelationId()
    const parts = this.#encode(name, call.version, correlationId, body)
    this.#pending.set(correlationId, call)
    this.#watch(call.deadlineMs)
    this.#write(socket, parts)
  }

  #encode(name: ApiName, version: number, correlationId: number, body: object): Buffer[] {
    // The body has the type of its API at every public entry; the map of all of them is too wide to follow it here.
    return encodeRequestParts(name, version, { correlationId, clientId: this.#options.clientId }, body as never)
  }

  #write(socket: Socket, parts: readonly Buffer[], written?: (error?: Error | null) => void): void {
    const last = parts.length - 1
    if (last === 0 && parts[0] !== undefined) {
      socket.write(parts[0], written)
      return
    }
    socket.cork()
    for (const [index, part] of parts.entries()) socket.write(part, index === last ? written : undefined)
    socket.uncork()
  }

  #takeCorrelationId(): number {
    const id = this.#nextCorrelationId
    this.#nextCorrelationId = (id + 1) & 0x7fffffff
    return id
  }

  #attach(socket: Socket): void {
    this.#socket = socket
    socket.on('error', (error) => this.#fail(this.#lost(error)))
    socket.on('close', () => this.#fail(this.#lost(null)))
    socket.setTimeout(Math.min(this.#options.idleMs, longestTimerMs), () => {
      if (this.#pending.size === 0) this.close()
    })
  }

  #lost(cause: Error | null): KafkaError {
    const waiting = [...new Set([...this.#pending.values()].map((call) => call.name))].join(', ')
    const text = cause === null ? 'the broker closed it' : cause.message
    const during = waiting === '' ? '' : `, while these waited for an answer: ${waiting}`
    const message = `The connection to broker ${formatAddress(this.address)} was lost: ${text}${during}`
    return new KafkaError('NETWORK_EXCEPTION', message, cause === null ? {} : { cause })
  }

  async #learnVersions(timeoutMs: number): Promise<void> {
    this.#versions.set('ApiVersions', api('ApiVersions').maxVersion)
    let answer = await this.#askVersions(timeoutMs)
    if (answer.errorCode === errorCode.UNSUPPORTED_VERSION) {
      const own = answer.apiKeys.find((range) => range.apiKey === api('ApiVersions').key)
      this.#versions.set('ApiVersions', commonVersion('ApiVersions', own?.minVersion ?? 0, own?.maxVersion ?? 0))
      answer = await this.#askVersions(timeoutMs)
    }
    if (answer.errorCode !== errorCode.NONE) {
      const error = errorFromCode(answer.errorCode, `Asking broker ${formatAddress(this.address)} for its versions`)
      this.#fail(error)
      throw error
    }
    this.#offered = new Map(answer.apiKeys.map((range) => [range.apiKey, [range.minVersion, range.maxVersion]]))
  }

  async #askVersions(timeoutMs: number): Promise<Messages['ApiVersions']['response']> {
    try {
      return await this.call('ApiVersions', software, { timeoutMs })
    } catch (error) {
      // The first exchange: whoever closes or stays silent here is often no broker, or one that wants TLS or SASL.
      const hint = 'Check that it is a Kafka broker and that its listener takes plain connections.'
      const text = error instanceof Error ? error.message : String(error)
      throw new KafkaError('NETWORK_EXCEPTION', `${text}. ${hint}`, { cause: error })
    }
  }

  #read(assembler: FrameAssembler, chunk: Uint8Array): void {
    if (this.#closedBy !== null) return
    try {
      assembler.push(chunk)
    } catch (error) {
      this.#fail(error instanceof KafkaError ? error : this.#lost(error instanceof Error ? error : null))
    }
  }

  #allocate(correlationId: number, size: number): Buffer {
    const call = this.#pending.get(correlationId)
    if (size < 4 || size > maxFrameSize || call === undefined) {
      throw new KafkaError(
        'NETWORK_EXCEPTION',
        `Broker ${formatAddress(this.address)} sent bytes that are no answer to a request (size ${size}, correlation id ${correlationId})`,
      )
    }
    if (call.frames === null) return Buffer.allocUnsafe(size)
    call.frame = call.frames.acquire(size)
    return call.frame.bytes
  }

  #complete(correlationId: number, frame: Buffer): void {
    const call = this.#pending.get(correlationId)
    if (call === undefined) return
    this.#pending.delete(correlationId)
    try {
      call.resolve(decodeResponse(call.name, call.version, frame).body, call.frame)
    } catch (error) {
      call.frame?.release()
      const cause = error instanceof Error ? error : null
      const failure = error instanceof KafkaError ? error : this.#lost(cause)
      call.reject(failure)
      this.#fail(failure)
    }
  }

  /** One timer for all requests, set to the earliest deadline. */
  #watch(deadlineMs: number): void {
    if (this.#timer !== null) {
      if (this.#timer.atMs <= deadlineMs) return
      clearTimeout(this.#timer.handle)
    }
    const inMs = Math.min(Math.max(1, deadlineMs - performance.now()), longestTimerMs)
    this.#timer = { handle: setTimeout(() => this.#checkDeadlines(), inMs), atMs: deadlineMs }
  }

  #checkDeadlines(): void {
    this.#timer = null
    const now = performance.now()
    let earliest = Infinity
    for (const call of this.#pending.values()) {
      if (call.deadlineMs <= now) {
        const what = `Broker ${formatAddress(this.address)} did not answer ${call.name} in time; the connection was closed`
        return this.#fail(new KafkaError('REQUEST_TIMED_OUT', what))
      }
      earliest = Math.min(earliest, call.deadlineMs)
    }
    if (earliest < Infinity) this.#watch(earliest)
  }

  #fail(error: KafkaError): void {
    if (this.#closedBy !== null) return
    this.#closedBy = error
    if (this.#timer !== null) clearTimeout(this.#timer.handle)
    this.#socket?.destroy()
    const calls = [...this.#pending.values()]
    this.#pending.clear()
    for (const call of calls) {
      call.frame?.release()
      call.reject(error)
    }
    for (const listener of this.#closeListeners.splice(0)) listener(error)
  }
}
