import { fileURLToPath } from "node:url"
import { defaultClientConditions, defineConfig } from "vite"

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The page, and the web page on its computer. Their addresses are relative, so that they may be served under any path. */
export default defineConfig({
  base: "./",
  clearScreen: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // The repository has nothing built.
  resolve: { conditions: ["denglu-source", ...defaultClientConditions] },
  build: {
    target: "es2023",
    modulePreload: false,
    rolldownOptions: { input: [file("index.html"), file("shop.html")] },
  },
})
