import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createSimulator, type Simulator, startSimulator } from "@denglu/simulator"
import { createLogin, type Login, type LoginOptions } from "denglu"

/** Apps of every kind, and one that logs in through a platform. */
export const appids = {
  own: "wxsim0000000000own",
  website: "wxsim0000000000web",
  shop: "wxsim0000000000sho",
  platform: "wxsimplatform00001",
} as const

const secret = "0123456789abcdef0123456789abcdef"
export const borrowerKey = "shop-9f2c4b7e1d3a6058-9f2c4b7e1d3a6058"
/** Fields in which WeChat tells what nobody else may hear. */
const told = /"(session_key|\w*access_token|\w*refresh_token|pre_auth_code|encrypt_key)":"((?:[^"\\]|\\.)*)"/g

/** A login with everything switched on that asks WeChat, before a WeChat that fails when it is told to; over HTTP, on one clock. */
export interface FaultyWeChat {
  readonly login: Login
  readonly simulator: Simulator
  /** What must not be found in any output, by what it is. */
  readonly planted: Map<string, string>
  readonly logged: string[]
  /** Remembers a secret, and answers it. */
  plant(what: string, text: string): string
  send(method: string, path: string, given?: Given): Promise<Answered>
  /** Names of what WeChat was asked since the last time. */
  asked(): readonly string[]
  close(): Promise<void>
}

export interface Given {
  readonly body?: unknown
  readonly token?: string
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Milliseconds. */
  readonly took: number
}

export async function startFaultyWeChat(options: Partial<LoginOptions>): Promise<FaultyWeChat> {
  const simulator = createSimulator({
    now: 1_800_000_000_000,
    apps: [
      { appid: appids.own, secret },
      { appid: appids.website, secret, kind: "website" },
      { appid: appids.shop },
    ],
  })
  const weChat = await startSimulator({ port: 0, simulator })
  const platform = simulator.addPlatform({ appid: appids.platform, rotateRefreshTokens: true })
  const planted = new Map<string, string>()
  const logged: string[] = []
  const asked: string[] = []
  const plant = (what: string, text: string) => {
    planted.set(`${what} ${planted.size}`, text)
    return text
  }
  plant("AppSecret", secret)
  plant("secret of the platform", platform.secret)
  plant("token of the platform", platform.token)
  plant("key of the platform", platform.encodingAesKey)
  plant("key of a borrower", borrowerKey)
  const ownSecret = plant("DENGLU_SECRET", "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-faulty")
  const note = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const login = await createLogin({
    apps: [
      { appid: appids.own, secret },
      { appid: appids.website, secret, kind: "website" },
    ],
    platforms: [
      {
        appid: appids.platform,
        secret: platform.secret,
        push: { token: platform.token, encodingAesKey: platform.encodingAesKey },
      },
    ],
    store: "memory:",
    secret: ownSecret,
    limits: false,
    clock: simulator.clock.now,
    log: { info: note, warn: note, error: note },
    ...options,
    wechat: {
      simulator: weChat.url,
      timeoutMs: 1_000,
      async fetch(request) {
        const response = await fetch(request).finally(() =>
          asked.push(simulator.calls.at(-1)?.endpoint ?? ""),
        )
        const text = await response
          .clone()
          .text()
          .catch(() => "")
        for (const [, field = "", value = ""] of text.matchAll(told))
          plant(field, value.replaceAll("\\/", "/"))
        return response
      },
    },
  })
  const server = createServer(login.node).listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  simulator.addPlatform({ appid: appids.platform, url: `${url}/wechat/platform/${appids.platform}` })

  return {
    login,
    simulator,
    planted,
    logged,
    plant,
    async send(method, path, { body, token } = {}) {
      const begin = performance.now()
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, took: performance.now() - begin }
    },
    asked: () => asked.splice(0),
    async close() {
      server.closeAllConnections()
      server.close()
      await login.close()
      await weChat.close()
    },
  }
}
