import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

// Only ours: what is named here reaches Node as --conditions, and "import" there would hand ESM files to require().
const conditions = ["denglu-source"]

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "deploy/test/**/*.test.ts",
      "e2e/**/*.test.ts",
      "examples/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 20_000,
    retry: 0,
  },
})
