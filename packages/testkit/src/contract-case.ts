/**
 * One rule of a contract, ready to run in any test runner: `for (const { name, run } of …) test(name, run)`.
 * `run` throws an AssertionError when the rule does not hold.
 */
export interface ContractCase {
  readonly name: string
  readonly run: () => void | Promise<void>
}

/** Rules that an implementation does not keep, and why; they are left out. */
export interface Skipped {
  readonly reason: string
  readonly tests: readonly string[]
}

/** The cases without those that are skipped; an error when a skipped name is none of them. */
export function withoutSkipped(cases: readonly ContractCase[], skip: readonly Skipped[]): readonly ContractCase[] {
  const skipped = new Set(skip.flatMap(({ tests }) => tests))
  for (const name of skipped) {
    if (!cases.some((rule) => rule.name === name)) throw new RangeError(`The contract has no rule '${name}' to skip.`)
  }
  return cases.filter(({ name }) => !skipped.has(name))
}
