const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function digit(bits: number): string {
  return alphabet.charAt(bits & 63)
}

/** Bytes as base64 with padding: what Connect's JSON and Values write. */
export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text +=
      digit(group >> 18) + digit(group >> 12) + (left > 1 ? digit(group >> 6) : '=') + (left > 2 ? digit(group) : '=')
  }
  return text
}
