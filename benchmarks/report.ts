// The results as Markdown: medians, spreads, ratios, and every single figure.
import { cpus, release, totalmem, type as system } from 'node:os'

/** One measured quantity: the figures of each product, round by round. */
export interface Series {
  readonly title: string
  readonly unit: string
  readonly apache: readonly number[]
  readonly sluice: readonly number[]
  /** What the project aims at, as a ratio Sluice / Apache: at most, or at least. */
  readonly aim: { readonly atMost: number } | { readonly atLeast: number } | null
}

/** Facts of a run that a reader needs to judge it. */
export interface RunFacts {
  readonly date: string
  readonly commit: string
  readonly command: string
  readonly measured: string
  readonly java: string
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
  readonly parameters: Readonly<Record<string, string | number>>
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

function spread(values: readonly number[]): string {
  return `${figure(median(values))} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`
}

function aimText(aim: Series['aim'], ratio: number): string {
  if (aim === null) return ''
  const [text, isMet] =
    'atMost' in aim ? [`≤ ${aim.atMost}`, ratio <= aim.atMost] : [`≥ ${aim.atLeast}`, ratio >= aim.atLeast]
  return `${text} ${isMet ? 'met' : 'not met'}`
}

/** One line of the table. */
export function summary(series: Series): string {
  const ratio = median(series.sluice) / median(series.apache)
  const cells = [series.title, series.unit, spread(series.apache), spread(series.sluice), ratio.toFixed(2)]
  return `| ${[...cells, aimText(series.aim, ratio)].join(' | ')} |`
}

function rounds(series: Series): string {
  const list = (values: readonly number[]): string => values.map(figure).join(', ')
  return `- ${series.title} (${series.unit}): Apache Connect ${list(series.apache)}; Sluice ${list(series.sluice)}`
}

/** The whole results file. */
export function report(facts: RunFacts, all: readonly Series[]): string {
  const loads = (values: readonly number[]): string => values.map((load) => load.toFixed(1)).join(' ')
  return [
    `# Sluice beside Apache Connect, ${facts.date}, commit ${facts.commit}`,
    '',
    'Method: `benchmarks/README.md`. Medians, in brackets the lowest and highest of the rounds.',
    '',
    '| what | unit | Apache Connect 4.3.1 | Sluice | Sluice / Apache | aim |',
    '| --- | --- | --- | --- | --- | --- |',
    ...all.map(summary),
    '',
    '## How',
    '',
    `- Command: \`${facts.command}\``,
    `- Measured: ${facts.measured}`,
    `- Machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${system()} ${release()}`,
    `- Node ${process.versions.node}; ${facts.java}`,
    `- Load average before ${loads(facts.loadBefore)}, after ${loads(facts.loadAfter)}`,
    ...Object.entries(facts.parameters).map(([name, value]) => `- ${name}: ${value}`),
    '',
    '## Every figure, in the order of the rounds',
    '',
    ...all.map(rounds),
    '',
  ].join('\n')
}
