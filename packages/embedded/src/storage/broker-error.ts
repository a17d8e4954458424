/** Why a broker could not be started. The message names the thing and the way out. */
export type BrokerErrorCode = 'PORT_UNAVAILABLE' | 'DATA_DIR_LOCKED' | 'DATA_DIR_UNUSABLE'

/** What `startEmbeddedBroker` rejects with when its surroundings do not let it start. */
export class EmbeddedBrokerError extends Error {
  readonly code: BrokerErrorCode

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedBrokerError'
    this.code = code
  }
}
