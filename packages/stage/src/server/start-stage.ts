import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createListener, createSimulator, type Simulator } from "@denglu/simulator"
import { createStageServer } from "./create-stage-server.ts"
import { framePage } from "./frame-page.ts"
import { personBackend } from "./person-backend.ts"
import { sendText } from "./plain-http.ts"
import { isFromHere, targetOf } from "./request-target.ts"
import { simulatorAt } from "./simulator-at.ts"
import { frameScript } from "./stage-runtime.ts"
import type { StageServer } from "./stage-server.ts"

export interface StartStageOptions {
  /** The mini program's folder. */
  readonly root: string
  /** 0 takes a free one. */
  readonly port: number
  /**
   * The simulated WeChat that codes come from: one that runs already, as `http://127.0.0.1:3001`, or one to be served on
   * the same port. Default is a new one.
   */
  readonly wechat?: string | Simulator
  /** Who holds the phone. Default is `alice`. */
  readonly user?: string
  /** Which of WeChat's apps the mini program is. Needed where it has several. */
  readonly appid?: string
  /** Origins that the mini program may ask besides this machine's, as `https://api.example.com`. */
  readonly origins?: readonly string[]
  /** Conditions of package.json's `exports` that count besides `default`. */
  readonly conditions?: readonly string[]
}

/** A mini program on a page of its own, on 127.0.0.1. */
export interface StartedStage {
  /** `http://127.0.0.1:3002` */
  readonly url: string
  /** The simulated WeChat that is served here; `undefined` if codes come from elsewhere. */
  readonly simulator: Simulator | undefined
  readonly stage: StageServer
  close(): Promise<void>
}

/** The same at every start, so that a server need be told once. It opens nothing: the WeChat is a pretend one. */
const pretendApp = { appid: "wxsim0000000000001", secret: "00000000000000000000000000000001" }

/** @throws Error with code `EADDRINUSE` if the port is taken; Error if there is no app.json */
export async function startStage(options: StartStageOptions): Promise<StartedStage> {
  const { root, port, user = "alice", appid, origins, conditions } = options
  const { wechat = createSimulator({ apps: [pretendApp] }) } = options
  const simulator = typeof wechat === "string" ? undefined : wechat
  const stage = createStageServer({
    root,
    base: "/phone",
    ...(origins !== undefined && { origins }),
    ...(conditions !== undefined && { conditions }),
    owner: () => user,
    backend: personBackend(typeof wechat === "string" ? simulatorAt(wechat) : wechat, user, appid),
  })
  const listener = simulator && createListener(simulator)
  let script: Promise<string> | undefined
  const server = createServer((req, res) => {
    answer().catch(() => res.destroy())

    async function answer(): Promise<void> {
      if (await stage.handle(req, res)) return
      const path = targetOf(req)?.pathname
      const isPage = req.method === "GET" && (path === "/" || path === "/frame.js")
      if (isPage && !isFromHere(req)) sendText(res, 403, "text/plain", "asked by another site")
      else if (isPage && path === "/") sendText(res, 200, "text/html", framePage)
      else if (isPage) {
        script ??= frameScript()
        sendText(res, 200, "text/javascript", await script)
      } else if (listener !== undefined) listener(req, res)
      else sendText(res, 404, "text/plain", "there is nothing here")
    }
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
