/**
 * Milliseconds of the machine's monotonic clock. Every process of the machine reads the same one, so that a lease
 * given by the control plane means the same in a host, however long its message lay unread.
 */
export function machineNowMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1_000 + nanoseconds / 1_000_000
}
