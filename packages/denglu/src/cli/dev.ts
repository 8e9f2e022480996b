import { relative } from "node:path"
import { CliError, usageExit } from "./cli-error.ts"
import { type Environment, flagText, type Invocation } from "./command.ts"
import { noteSimulator, openDevFolder } from "./dev-folder.ts"
import { renderDevGuide, tellEvents } from "./dev-guide.ts"
import { openPlayground } from "./dev-playground.ts"
import { type DevServer, startDevServer } from "./dev-server.ts"
import { openBrowser } from "./open-browser.ts"
import { listenError } from "./serve.ts"
import { stopSignal } from "./stop-signal.ts"
import type { Terminal } from "./terminal.ts"

const host = "127.0.0.1"

/** `denglu dev`: login server, simulated WeChat and playground on this machine, until Ctrl-C. */
export async function runDev(invocation: Invocation): Promise<number> {
  const { terminal, cwd } = invocation
  const port = portFlag(invocation, "port", 3000)
  const simulatorPort = portFlag(invocation, "simulator-port", 3001)
  const { createSimulator, startSimulator } = await loadSimulator()
  const folder = openDevFolder(cwd, true)
  const stop = stopSignal()
  const simulator = createSimulator({ apps: [folder.app] })
  let server: DevServer | undefined
  const playground = await openPlayground({
    simulator,
    appid: folder.app.appid,
    loginUrl: () => server?.url ?? `http://${host}:${port}`,
    database: folder.database,
    restart: async () => server?.restart(),
    advanceServerClock: ms => server?.advanceClock(ms),
    onProgress: text => terminal.out(`  ${terminal.dim(terminal.say(text))}`),
  })
  const wechat = await startSimulator({
    port: simulatorPort,
    simulator,
    ...(playground && {
      before: (req, res) => playground.handle(req, res),
      upgrade: (req, socket, head) => playground.upgrade(req, socket, head),
      observe: exchange => playground.observe(exchange),
    }),
  }).catch(error => {
    // Where another `denglu dev` has this port it has the other one too.
    throw listenError(
      error,
      simulatorPort,
      host,
      flagsOf(invocation.env, `--port ${port + 1000} --simulator-port ${simulatorPort + 1000}`),
    )
  })
  try {
    server = await startDevServer({
      folder,
      simulatorUrl: wechat.url,
      host,
      port,
      portHint: flagsOf(invocation.env, `--port ${port + 1000}`),
      print: line => terminal.out(`  ${line}`),
      onSms: message => playground?.receiveSms(message),
      onLogin: login => tellEvents(terminal, login),
    })
    noteSimulator(folder, wechat.url)
    terminal.out(
      renderDevGuide(terminal, {
        login: server.url,
        simulator: wechat.url,
        playground: playground && wechat.url,
        data: `${relative(cwd, folder.path) || "."}/`,
        appid: folder.app.appid,
      }),
    )
    if (invocation.flags.has("open")) showPlayground(terminal, playground && wechat.url)
    await stop
    await server.close()
    terminal.out(`\n  ${terminal.say({ en: "Stopped.", zh: "已停止。" })}`)
    return 0
  } finally {
    await server?.close()
    await playground?.close()
    await wechat.close()
  }
}

/** @param url `undefined` if it is not installed */
function showPlayground(terminal: Terminal, url: string | undefined): void {
  if (url === undefined) terminal.err(`  ${terminal.yellow(terminal.say(notInstalled))}`)
  else openBrowser(url)
}

const notInstalled = {
  en: "There is nothing to --open: the playground comes with Denglu's repository, not with the npm package.",
  zh: "没有可以 --open 的页面：演练场在 Denglu 的仓库中，不在 npm 包里。",
}

/** The simulated WeChat is no dependency of the published package: production has no use for it. */
async function loadSimulator() {
  try {
    return await import("@denglu/simulator")
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error
    throw new CliError({
      en: "The simulated WeChat is not installed. Install it: npm install --save-dev @denglu/simulator",
      zh: "未安装模拟微信，请先安装：npm install --save-dev @denglu/simulator",
    })
  }
}

/** The flags as they have to be written: npm passes on only what stands behind `--`, and says which script it runs. */
function flagsOf({ npm_lifecycle_event: script, npm_config_user_agent: by }: Environment, flags: string) {
  if (script === undefined || script === "npx" || !by?.startsWith("npm/")) return flags
  return `npm ${script === "start" ? "start" : `run ${script}`} -- ${flags}`
}

function portFlag(invocation: Invocation, name: string, otherwise: number): number {
  const text = flagText(invocation, name)
  if (text === undefined) return otherwise
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new CliError(
    { en: `--${name} is a number from 1 to 65535.`, zh: `--${name} 应为 1 到 65535 的数字。` },
    usageExit,
  )
}
