/*
 * Compiling a function for a schema costs as much as walking some ten values by hand. A pipeline has a few schemas and
 * many records: there every schema is compiled on first use, and all its structs have one shape from the first on. But
 * where every record brings a schema of its own, nothing that is compiled would ever be used twice. So the first
 * schemas are compiled at once, and after that a schema has to show that it is used.
 */

const compiledAtOnce = 1000
const usesBeforeCompiling = 16

let compiled = 0

/** Uses that are walked by hand before a new schema is compiled; 0 compiles it at once. */
export function usesBeforeNextCompile(): number {
  compiled++
  return compiled <= compiledAtOnce ? 0 : usesBeforeCompiling
}
