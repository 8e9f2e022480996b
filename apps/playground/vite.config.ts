import { defineConfig } from "vite"

/** The page, built into `dist/page`; its addresses are relative, so that it may be served under any path. */
export default defineConfig({
  base: "./",
  clearScreen: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir: "dist/page", emptyOutDir: true, target: "es2023", modulePreload: false },
})
