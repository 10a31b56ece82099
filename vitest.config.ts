import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/on-rack/**'],
    testTimeout: 30_000,
    // A busy machine needs longer than the second that vitest gives.
    expect: { poll: { timeout: 10_000 } },
  },
});
