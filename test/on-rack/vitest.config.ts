import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One cluster, so one test at a time; a run of a whole playbook takes up to half a minute, a fault somewhat longer.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/on-rack/**/*.test.ts'],
    globalSetup: 'test/on-rack/suite-setup.ts',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
