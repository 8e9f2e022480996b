import { defineConfig } from "vite"

/** The page. Its addresses are relative, so that it may be served under any path. */
export default defineConfig({
  base: "./",
  clearScreen: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2023", modulePreload: false },
})
