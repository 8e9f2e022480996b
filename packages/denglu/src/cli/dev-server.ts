import type { IncomingMessage, ServerResponse } from "node:http"
import { createLogin } from "../create-login.ts"
import { DengluError } from "../errors.ts"
import type { LoginOptions } from "../options.ts"
import type { Login } from "../running-login.ts"
import type { SmsMessage } from "../sms-senders/sender.ts"
import { openAvatarFolder } from "../user/avatars/avatar-folder.ts"
import { CliError } from "./cli-error.ts"
import type { DevFolder } from "./dev-folder.ts"
import { answerOrders } from "./dev-orders.ts"
import { devWebWays } from "./dev-web-ways.ts"
import { type Serving, serve } from "./serve.ts"

/** How long (ms) requests under way may take when it is stopped. */
const drain = { notice: 0, linger: 0, atMost: 1_000 }

/** The login server of `denglu dev`: it can be started again under the same address. */
export interface DevServer {
  readonly url: string
  /** Fails if it does not come back; it may be tried again. */
  restart(): Promise<void>
  /** Moves its clock forward by so many milliseconds, which ends access tokens. */
  advanceClock(ms: number): void
  close(): Promise<void>
}

interface DevServerOptions {
  readonly folder: DevFolder
  readonly simulatorUrl: string
  readonly host: string
  readonly port: number
  /** What to do about a port that is taken: `--port N`. */
  readonly portHint: string
  /** Writes a line to the terminal. */
  readonly print: (line: string) => void
  /** Is given each SMS instead of a phone. */
  readonly onSms: (message: SmsMessage) => void
  /** Is given each login that is opened, for its events. */
  readonly onLogin: (login: Login) => void
}

/** @throws CliError if the port is taken */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { folder, simulatorUrl, host, portHint, print, onSms, onLogin } = options
  const playground = new URL(simulatorUrl).origin
  let ahead = 0
  let { port } = options
  /** `undefined` while it is stopped: a restart may fail, and be tried again. */
  let serving: Serving | undefined = await open()
  const { url } = serving
  port = Number(new URL(url).port)

  async function open(): Promise<Serving> {
    const login = await openLogin({
      apps: [folder.app],
      store: folder.store,
      secret: folder.secret,
      avatars: { storage: openAvatarFolder(folder.avatars, () => `http://${host}:${port}`) },
      wechat: { simulator: simulatorUrl },
      limits: { loginsPerAddress: 100_000, refreshesPerAddress: 100_000 },
      clock: () => Date.now() + ahead,
      ...devWebWays({ playground, print, onSms }),
    })
    try {
      const handler = (req: IncomingMessage, res: ServerResponse) =>
        login.node(req, res, () => void answerOrders(login, playground, req, res))
      const serving = await serve({ login, handler, port, host, portHint })
      onLogin(login)
      return serving
    } catch (error) {
      await login.close()
      throw error
    }
  }

  async function close(): Promise<void> {
    const stopping = serving
    serving = undefined
    await stopping?.drain(drain)
  }

  return {
    url,
    close,
    async restart() {
      await close()
      serving = await open()
    },
    advanceClock(ms) {
      ahead += ms
    },
  }
}

/** @throws CliError (as a rejection) that says what to do about a damaged database */
async function openLogin(options: LoginOptions): Promise<Login> {
  try {
    return await createLogin(options)
  } catch (error) {
    if (!(error instanceof DengluError && error.message.startsWith("SQLite:"))) throw error
    throw new CliError({
      en: `The database under .denglu/ can't be opened (${error.message}). Delete the folder to begin afresh.`,
      zh: `无法打开 .denglu/ 中的数据库（${error.message}）。删除该目录即可重新开始。`,
    })
  }
}
