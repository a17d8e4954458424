/** Where a sink task writes to: a file or stdout. */
export interface Output {
  /** Writes the bytes as one piece. When it rejects, the same bytes can be given again. */
  append(bytes: Buffer): Promise<void>
  /** I1: what was appended is durable when this has resolved. */
  sync(): Promise<void>
  close(): Promise<void>
}
