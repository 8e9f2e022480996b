import { type Border, source } from "./border.ts"

/** House rules that Biome sees. */
export const houseBorders: readonly Border[] = [
  {
    name: "no default exports",
    at: `${source}/login`,
    rule: "lint/style/noDefaultExport",
    violating: [`export default function logIn() {}`],
    allowed: [`export function logIn() {}`],
  },
  {
    name: "no any",
    at: `${source}/login`,
    rule: "lint/suspicious/noExplicitAny",
    violating: [`export const a = (b: any) => b`],
    allowed: [`export const a = (b: unknown) => b`],
  },
  {
    name: "relative imports end in .ts",
    at: `${source}/login`,
    rule: "lint/correctness/useImportExtensions",
    violating: [`import { thing } from "./thing"\nthing()`],
    allowed: [`import { thing } from "./thing.ts"\nthing()`],
  },
  {
    name: "files are named in kebab-case",
    at: `${source}/login/logIn.ts`,
    rule: "lint/style/useFilenamingConvention",
    violating: [`export const a = 1`],
    allowed: [],
  },
  {
    name: "a file in kebab-case is well named",
    at: `${source}/login/log-in.ts`,
    rule: "lint/style/useFilenamingConvention",
    violating: [],
    allowed: [`export const a = 1`],
  },
  {
    name: "the library does not print",
    at: `${source}/login`,
    rule: "lint/suspicious/noConsole",
    violating: [`console.log("code")`],
    allowed: [`export const log = (logger: { info(text: string): void }) => logger.info("in")`],
  },
  {
    name: "cli prints",
    at: `${source}/cli`,
    rule: "lint/suspicious/noConsole",
    violating: [],
    allowed: [`console.log("ready")`],
  },
  ...["miniprogram/src", "web/src", "stage/src/runtime", "stage/src/shell"].map(folder => ({
    name: `packages/${folder} runs where there is no Node`,
    at: `packages/${folder}`,
    rule: "lint/correctness/noNodejsModules",
    violating: [`import { readFileSync } from "node:fs"\nreadFileSync("a")`],
    allowed: [`import { thing } from "./thing.ts"\nthing()`],
  })),
  {
    name: "the stage's compiler, server and driver run in Node",
    at: "packages/stage/src/compile",
    rule: "lint/correctness/noNodejsModules",
    violating: [],
    allowed: [`import { readFileSync } from "node:fs"\nreadFileSync("a")`],
  },
  {
    name: "of ours the stage knows the simulator only",
    at: "packages/stage/src/runtime",
    rule: "lint/style/noRestrictedImports",
    violating: [
      `import { createLogin } from "@denglu/miniprogram"\ncreateLogin()`,
      `import { createLogin } from "denglu"\ncreateLogin()`,
    ],
    allowed: [`import { createWx } from "@denglu/simulator/wx"\ncreateWx()`],
  },
]
