/** The text of a Java properties file (UTF-8) that holds `props`, in their order. */
export function renderProperties(props: Readonly<Record<string, string>>): string {
  const escape = (text: string, isKey: boolean): string =>
    text
      .replace(isKey ? /[\\:=#! ]/g : /\\|^[ #!]/g, String.raw`\$&`)
      .replaceAll('\n', String.raw`\n`)
      .replaceAll('\r', String.raw`\r`)
      .replaceAll('\t', String.raw`\t`)
  return Object.entries(props)
    .map(([key, value]) => `${escape(key, true)}=${escape(value, false)}\n`)
    .join('')
}
