import { defineConfig } from 'vitest/config';

/** Sources are tested without a build: every lib exports its `src` under the condition `source`. */
const resolve = { conditions: ['source'] };
const ssr = { resolve: { conditions: ['source'] } };
/** Real brokers and databases, started when a test first asks for one (libs/test-servers). */
const globalSetup = ['libs/test-servers/src/global-setup.ts'];
const roots = '{libs,services}/*/src/**';

/** No test asserts a time: a machine that has other things to do is waited for. */
const patient = { testTimeout: 120_000, hookTimeout: 240_000, expect: { poll: { timeout: 30_000 } } };

/** Kinds of test by file name, as docs/contributing.md lists them. One project each, so that each has its own command. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          ...patient,
          include: [`${roots}/*.spec.ts`, 'scripts/**/*.spec.ts', 'test/{docs,faults}/**/*.spec.ts'],
          exclude: ['**/*.{db,rabbit,root}.spec.ts', '**/dist/**', '**/node_modules/**'],
          isolate: false,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'integration',
          ...patient,
          include: [`${roots}/*.{db,rabbit}.spec.ts`, 'test/chart/**/*.spec.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
          globalSetup,
          isolate: false,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'root',
          ...patient,
          retry: 1,
          include: [`${roots}/*.root.spec.ts`],
          exclude: ['**/dist/**', '**/node_modules/**'],
          isolate: false,
          fileParallelism: false,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          ...patient,
          // Whole clusters beside whatever else the machine does: a second try is told (scripts/second-tries.mjs).
          retry: 1,
          include: ['test/{contract,e2e,conformance}/**/*.e2e-spec.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup,
          isolate: false,
          fileParallelism: false,
        },
      },
      {
        resolve,
        ssr,
        // The same as e2e, each cluster as separate processes over RabbitMQ and MariaDB, two of each service.
        test: {
          name: 'mesh',
          ...patient,
          retry: 1,
          env: { TRANCHE_TEST_MESH: 'true' },
          include: ['test/{e2e,conformance}/*.e2e-spec.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup,
          isolate: false,
          fileParallelism: false,
        },
      },
      {
        resolve,
        ssr,
        // It has servers of its own: it kills them.
        test: { name: 'faults', include: ['test/faults/*.e2e-spec.ts'], isolate: false },
      },
    ],
  },
});
