import type { IncomingMessage, ServerResponse } from "node:http"
import { createLogin, type Login } from "../create-login.ts"
import type { DevFolder } from "./dev-folder.ts"
import { answerOrders } from "./dev-orders.ts"
import { type Serving, serve } from "./serve.ts"

/** How long (ms) requests under way may take when it is stopped. */
const drain = { notice: 0, linger: 0, atMost: 1_000 }

/** The login server of `denglu dev`: it can be started again under the same address. */
export interface DevServer {
  readonly url: string
  readonly login: Login
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
  /** Is given each login that is opened, for its events. */
  readonly onLogin: (login: Login) => void
}

/** @throws CliError if the port is taken */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { folder, simulatorUrl, host, onLogin } = options
  let ahead = 0
  let { port } = options
  let [login, serving] = await open()
  port = Number(new URL(serving.url).port)

  async function open(): Promise<[Login, Serving]> {
    const login = await createLogin({
      apps: [folder.app],
      store: folder.store,
      secret: folder.secret,
      wechat: { simulator: simulatorUrl },
      limits: { loginsPerAddress: 100_000, refreshesPerAddress: 100_000 },
      clock: () => Date.now() + ahead,
    })
    try {
      const handler = (req: IncomingMessage, res: ServerResponse) =>
        login.node(req, res, () => void answerOrders(login, req, res))
      const serving = await serve({ login, handler, port, host, portHint: `--port ${port + 1000}` })
      onLogin(login)
      return [login, serving]
    } catch (error) {
      await login.close()
      throw error
    }
  }

  return {
    url: serving.url,
    get login() {
      return login
    },
    async restart() {
      await serving.drain(drain)
      ;[login, serving] = await open()
    },
    advanceClock(ms) {
      ahead += ms
    },
    close: () => serving.drain(drain).then(() => undefined),
  }
}
