/**
 * Two ends that hand each other plain data in order: a process's IPC pipe now, a thread's port where that suffices.
 * Values are copied (structured clone), so neither end sees later changes of the other.
 */
export interface Channel {
  /** Never throws: what is sent into a closed channel is lost, and `onClose` says so. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when nothing more can arrive. */
  onClose(listener: () => void): void
  close(): void
}
