import type { ConnectRecord, Predicate, Transform } from '@sluice/api'
import type { PipelineStep } from './record-error.ts'

/** One transform of a chain, with the predicate that decides for which records it runs. */
export interface ChainLink {
  readonly step: PipelineStep
  readonly transform: Transform
  readonly predicate: Predicate | null
  readonly negate: boolean
}

/** The transforms of a connector in order. `at` is the link that ran last: whose error it was when one throws. */
export class TransformChain {
  readonly #links: readonly ChainLink[]
  at: PipelineStep | null = null

  constructor(links: readonly ChainLink[]) {
    this.#links = links
  }

  get isEmpty(): boolean {
    return this.#links.length === 0
  }

  /** Null when a transform dropped the record. */
  apply<R extends ConnectRecord>(record: R): R | null {
    let current: R | null = record
    for (const link of this.#links) {
      this.at = link.step
      if (link.predicate !== null && link.predicate.test(current) === link.negate) continue
      current = link.transform.apply(current)
      if (current === null) return null
    }
    return current
  }

  async close(): Promise<void> {
    for (const { transform, predicate } of this.#links) {
      await transform.close?.()
      await predicate?.close?.()
    }
  }
}
