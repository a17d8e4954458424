import type { ErrorName } from './error-codes.ts'
import { KafkaError } from './kafka-error.ts'

/** Where in a message an encoder or decoder gave up. */
export interface ProtocolErrorPlace {
  /** The API and the direction, as in 'Fetch response'. */
  readonly message: string
  readonly version: number
  /** The byte position in the frame; null when encoding. */
  readonly position: number | null
}

/** Bytes that are not the message they should be, or a body that its version cannot carry. */
export class ProtocolError extends KafkaError {
  readonly place: ProtocolErrorPlace

  constructor(errorName: ErrorName, what: string, place: ProtocolErrorPlace) {
    const where = place.position === null ? '' : ` at byte ${place.position}`
    super(errorName, `${place.message} version ${place.version}${where}: ${what}`)
    this.place = place
  }
}

Object.defineProperty(ProtocolError.prototype, 'name', { value: 'ProtocolError', configurable: true, writable: true })
