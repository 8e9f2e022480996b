import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { Program } from "../program.ts"
import { isSimulator } from "../server/simulator-at.ts"
import { startStage } from "../server/start-stage.ts"
import { type Arguments, readArguments, UsageError } from "./arguments.ts"
import { type Bilingual, languageOf } from "./language.ts"
import { renderProblem } from "./render-problem.ts"
import { stopSignal } from "./stop-signal.ts"
import { usage } from "./usage.ts"

/** Where `denglu dev` has its simulated WeChat. */
const devSimulator = "http://127.0.0.1:3001"

/** `denglu-stage`, until Ctrl-C. Sets the exit code: 0 good, 1 failed, 2 wrongly called. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(readArguments(words))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    console.error(code === "EADDRINUSE" ? say(portTaken) : message)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

async function run(given: Arguments): Promise<number> {
  const { folder, port, user, origins, mode } = given
  if (mode === "help") return print(say(usage))
  if (mode === "version") return print(versionHere())
  const root = resolve(folder)
  if (!existsSync(root))
    throw new Error(say({ en: `There is no folder ${root}.`, zh: `没有这个目录：${root}。` }))
  const stopped = stopSignal()
  const wechat = mode === "check" ? undefined : await wechatFor(given)
  const started = await startStage({
    root,
    port: mode === "check" ? 0 : port,
    user,
    origins,
    ...(wechat !== undefined && { wechat }),
    // Run from its sources, the repository has nothing built.
    conditions: import.meta.url.endsWith(".ts") ? ["denglu-source"] : [],
  })
  const began = performance.now()
  const mistakes = tellProblems(await started.stage.program(), performance.now() - began)
  if (mode === "check") {
    await started.close()
    return mistakes === 0 ? 0 : 1
  }
  print(guide(started.url, wechat, started.simulator?.state().apps[0]))
  await stopped
  await started.close()
  return print(say({ en: "\n  Stopped.", zh: "\n  已停止。" }))
}

/** The simulated WeChat that was named, or `denglu dev`'s if it runs; `undefined` for one of its own. */
async function wechatFor({ wechat }: Arguments): Promise<string | undefined> {
  if (wechat === "own") return undefined
  if (await isSimulator(wechat ?? devSimulator)) return wechat ?? devSimulator
  if (wechat === undefined) return undefined
  throw new Error(
    say({
      en: `There is no simulated WeChat at ${wechat}. \`npx denglu dev\` starts one on ${devSimulator}.`,
      zh: `${wechat} 没有模拟微信。npx denglu dev 会在 ${devSimulator} 启动一个。`,
    }),
  )
}

function tellProblems({ app, components, problems }: Program, ms: number): number {
  const others = Object.keys(components).length - app.pages.length
  print(
    say({
      en: `Compiled ${app.pages.length} pages and ${others} components in ${Math.round(ms)} ms.`,
      zh: `编译了 ${app.pages.length} 个页面和 ${others} 个组件，用时 ${Math.round(ms)} 毫秒。`,
    }),
  )
  for (const problem of problems) print(renderProblem(problem))
  return problems.filter(({ level }) => level === "error").length
}

function guide(
  url: string,
  wechat: string | undefined,
  app: { readonly appid: string; readonly secret: string } | undefined,
): string {
  const codes =
    wechat === undefined
      ? say({
          en: `  Codes come from a simulated WeChat of its own. Your server asks it:
    address  ${url}
    appid    ${app?.appid}
    secret   ${app?.secret}`,
          zh: `  code 由自带的模拟微信签发。让你的服务器向它换取：
    地址     ${url}
    appid    ${app?.appid}
    secret   ${app?.secret}`,
        })
      : say({
          en: `  Codes come from the simulated WeChat at ${wechat}.`,
          zh: `  code 由 ${wechat} 的模拟微信签发。`,
        })
  return `\n  ${url}\n\n${codes}\n  ${say({ en: "Ctrl-C stops.", zh: "按 Ctrl-C 停止。" })}`
}

const portTaken: Bilingual = {
  en: "The port is taken. Take another one: --port 3102",
  zh: "端口已被占用，换一个：--port 3102",
}

function versionHere(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version
}

function say(text: Bilingual): string {
  return text[languageOf(process.env)]
}

function print(text: string): 0 {
  console.log(text)
  return 0
}
