import { defineConfig } from 'vitest/config'

// Packages resolve to their source, in the tests and in whatever Node processes these start.
const conditions = ['sluice-source']
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
}
const execArgv = ['--conditions=sluice-source']

export default defineConfig({
  test: {
    reporters: process.env['CI'] ? ['default'] : ['default'],
    projects: [
      {
        // Everything that needs nothing but Node: `npm test` runs this project and `integration`.
        ...shared,
        test: {
          name: 'unit',
          include: ['{packages,connectors}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          pool: 'forks',
          isolate: false,
          execArgv,
        },
      },
      {
        // Real workers, hosts and brokers as processes, still on Node alone.
        ...shared,
        test: {
          name: 'integration',
          include: ['{packages,connectors}/*/{test,contract}/**/*.test.ts', 'test/integration/**/*.test.ts'],
          pool: 'forks',
          execArgv,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Apache Kafka and Connect 4.3.1: needs Java 17 and Maven. Run by .ci/run and `npm run test:kafka`.
        ...shared,
        test: {
          name: 'kafka',
          include: ['test/kafka/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          execArgv,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
