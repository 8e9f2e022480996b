import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { type StartedStage, startStage } from "./server/start-stage.ts"

const usage = `Usage: denglu-stage [folder] [options]

Runs a native mini program's source in a browser page. It is not WeChat.
在浏览器页面里运行原生小程序源码。它不是微信。

  folder               where app.json or project.config.json is (default: here)
  --port <number>      default 3002; 0 takes a free one
  --user <name>        who holds the phone (default alice)
  --allow <origin>     lets the mini program ask another machine, as https://api.example.com; may be repeated
  --check              compile, print what is wrong, and leave: exit code 1 if anything is
  --help, --version
`

/** `denglu-stage`, until Ctrl-C. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(words)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    console.error(code === "EADDRINUSE" ? "The port is taken. Take another one: --port 3102" : message)
    process.exitCode = 1
  }
}

async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      port: { type: "string", default: "3002" },
      user: { type: "string", default: "alice" },
      allow: { type: "string", multiple: true, default: [] },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  })
  if (values.help) return say(usage)
  if (values.version) return say(versionHere())
  const port = Number(values.port)
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) throw new Error("--port is a number from 0 to 65535.")
  const origins = values.allow.map(originOf)
  const root = resolve(positionals[0] ?? ".")
  const stopped = new Promise<void>(stop => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop())
  })
  const started = await startStage({
    root,
    port: values.check ? 0 : port,
    user: values.user,
    origins,
    conditions: ["denglu-source"],
  })
  const mistakes = await tellProblems(started)
  if (values.check) {
    await started.close()
    return mistakes === 0 ? 0 : 1
  }
  const [app] = started.simulator.state().apps
  console.log(`
  ${started.url}

  Your server exchanges codes with this simulated WeChat:
    address  ${started.url}
    appid    ${app?.appid}
    secret   GET ${started.url}/__simulator__/state
  Ctrl-C stops.`)
  await stopped
  await started.close()
  return say("\n  Stopped.")
}

async function tellProblems({ stage }: StartedStage): Promise<number> {
  const began = performance.now()
  const { app, components, problems } = await stage.program()
  const ms = Math.round(performance.now() - began)
  const others = Object.keys(components).length - app.pages.length
  console.log(`Compiled ${app.pages.length} pages and ${others} components in ${ms} ms.`)
  for (const { level, path, line, column, message } of problems)
    console.log(`${level} ${[path, line, column].filter(Boolean).join(":")} ${message}`)
  return problems.filter(({ level }) => level === "error").length
}

function originOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error(`--allow takes an origin such as https://api.example.com, not ${JSON.stringify(text)}.`)
  return new URL(text).origin
}

function versionHere(): string {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version
}

function say(text: string): 0 {
  console.log(text)
  return 0
}
