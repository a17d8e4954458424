/** The text of an error with everything underneath it, as statuses and logs show it: laid out like a Java trace. */
export function traceOf(error: unknown): string {
  return `${lines(error).join('\n')}\n`
}

const deepest = 16

function lines(error: unknown): string[] {
  const found: string[] = []
  let current = error
  for (let depth = 0; depth < deepest && current !== undefined && current !== null; depth += 1) {
    found.push(...oneError(current, depth === 0 ? '' : 'Caused by: '))
    current = current instanceof Error ? current.cause : undefined
  }
  return found
}

function oneError(error: unknown, prefix: string): string[] {
  if (!(error instanceof Error)) return [`${prefix}${String(error)}`]
  const head = `${error.name}: ${error.message}`
  const stack = error.stack ?? ''
  // V8 begins a stack with the message, unless somebody changed either since.
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return [`${prefix}${head}`, ...frames.map((frame) => `\t${frame.trim()}`)]
}
