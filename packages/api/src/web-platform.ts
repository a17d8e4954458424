/*
 * What this package takes from the web platform, which Node and browsers share. It is compiled without the types of
 * either, so that nothing else of them can slip in; these two are therefore looked up.
 */

interface BareAbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The platform's AbortSignal, as `fetch` and the like take it. */
export type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : BareAbortSignal

/** True for what the platform reads as an absolute URL. */
export function canParseUrl(text: string): boolean {
  return (globalThis as unknown as { readonly URL: { canParse(url: string): boolean } }).URL.canParse(text)
}
