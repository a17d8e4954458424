/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

/** `host:port`, with an IPv6 address in brackets. */
export function formatAddress(address: BrokerAddress): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/** Reads `host:port` or `[v6]:port`; null when it is neither. */
export function parseAddress(text: string): BrokerAddress | null {
  const match = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(text.trim())
  if (match === null) return null
  const port = Number(match[3])
  return port < 1 || port > 65535 ? null : { host: match[1] ?? match[2] ?? '', port }
}
