import { relative } from "node:path"
import { createLogin } from "../create-login.ts"
import { CliError, usageExit } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"
import { noteSimulator, openDevFolder } from "./dev-folder.ts"
import { renderDevGuide, tellEvents } from "./dev-guide.ts"
import { listenError, serve } from "./serve.ts"
import { stopSignal } from "./stop-signal.ts"

const host = "127.0.0.1"
/** How long (ms) requests under way may take after Ctrl-C. */
const drain = { notice: 0, atMost: 1_000 }

/** `denglu dev`: login server and simulated WeChat on this machine, until Ctrl-C. */
export async function runDev(invocation: Invocation): Promise<number> {
  const { terminal, cwd } = invocation
  const port = portFlag(invocation, "port", 3000)
  const simulatorPort = portFlag(invocation, "simulator-port", 3001)
  const { createSimulator, startSimulator } = await loadSimulator()
  const folder = openDevFolder(cwd, true)
  const stop = stopSignal()
  const wechat = await startSimulator({
    port: simulatorPort,
    simulator: createSimulator({ apps: [folder.app] }),
  }).catch(error => {
    throw listenError(error, simulatorPort, host, `--simulator-port ${simulatorPort + 1000}`)
  })
  try {
    const login = await createLogin({
      apps: [folder.app],
      store: folder.store,
      secret: folder.secret,
      wechat: { simulator: wechat.url },
      limits: { loginsPerAddress: 100_000, refreshesPerAddress: 100_000 },
    })
    const serving = await serve({ login, port, host, portHint: `--port ${port + 1000}` }).catch(
      async error => {
        await login.close()
        throw error
      },
    )
    noteSimulator(folder, wechat.url)
    terminal.out(
      renderDevGuide(terminal, {
        login: serving.url,
        simulator: wechat.url,
        data: `${relative(cwd, folder.path) || "."}/`,
        appid: folder.app.appid,
      }),
    )
    tellEvents(terminal, login)
    await stop
    await serving.drain(drain)
    terminal.out(`\n  ${terminal.say({ en: "Stopped.", zh: "已停止。" })}`)
    return 0
  } finally {
    await wechat.close()
  }
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
