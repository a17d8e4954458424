/** The text of a Java properties file that holds `props`, in their order; ASCII, since Java reads it as Latin-1. */
export function renderProperties(props: Readonly<Record<string, string>>): string {
  const escape = (text: string, isKey: boolean): string =>
    text
      .replace(isKey ? /[\\:=#! ]/g : /\\|^[ #!]/g, String.raw`\$&`)
      .replaceAll('\n', String.raw`\n`)
      .replaceAll('\r', String.raw`\r`)
      .replaceAll('\t', String.raw`\t`)
      .replace(/[^\x20-\x7e]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return Object.entries(props)
    .map(([key, value]) => `${escape(key, true)}=${escape(value, false)}\n`)
    .join('')
}
