import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createListener, createSimulator, type Simulator } from "@denglu/simulator"
import { createStageServer } from "./create-stage-server.ts"
import { framePage } from "./frame-page.ts"
import { sendText } from "./plain-http.ts"
import { frameScript } from "./stage-runtime.ts"
import type { StageServer } from "./stage-server.ts"

export interface StartStageOptions {
  /** The mini program's folder. */
  readonly root: string
  /** 0 takes a free one. */
  readonly port: number
  /** Where codes come from. Default is a new simulator, served on the same port for your server to ask. */
  readonly simulator?: Simulator
  /** Who holds the phone. Default is `alice`. */
  readonly user?: string
  readonly origins?: readonly string[]
  readonly conditions?: readonly string[]
}

/** A mini program on a page of its own, on 127.0.0.1. */
export interface StartedStage {
  /** `http://127.0.0.1:3002` */
  readonly url: string
  readonly simulator: Simulator
  readonly stage: StageServer
  close(): Promise<void>
}

/** @throws Error with code `EADDRINUSE` if the port is taken; Error if there is no app.json */
export async function startStage(options: StartStageOptions): Promise<StartedStage> {
  const { root, port, user = "alice", simulator = createSimulator(), origins, conditions } = options
  const stage = createStageServer({
    root,
    base: "/phone",
    ...(origins !== undefined && { origins }),
    ...(conditions !== undefined && { conditions }),
    owner: () => user,
    backend: {
      issueCode: () => simulator.issueCode({ user }),
      issuePhoneCode: () => simulator.issuePhoneCode({ user }),
      checkSession: () => true,
      encryptData: data => simulator.encryptData({ user, ...(data !== undefined && { data }) }),
    },
  })
  const listener = createListener(simulator)
  let script: Promise<string> | undefined
  const server = createServer(async (req, res) => {
    if (await stage.handle(req, res)) return
    const { pathname } = new URL(req.url ?? "/", "http://stage")
    if (req.method === "GET" && pathname === "/") sendText(res, 200, "text/html", framePage)
    else if (req.method === "GET" && pathname === "/frame.js") {
      script ??= frameScript()
      sendText(res, 200, "text/javascript", await script)
    } else listener(req, res)
  })
  server.on("upgrade", (req, socket, head) => {
    if (!stage.upgrade(req, socket, head)) socket.destroy()
  })
  server.listen(port, "127.0.0.1")
  try {
    await once(server, "listening")
  } catch (error) {
    await stage.close()
    throw error
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    simulator,
    stage,
    async close() {
      await stage.close()
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}
