import type { Relay, RelayReply, RelayRequest } from "@denglu/stage"
import { ControlError } from "./control-error.ts"

/** Another phone than the one on the page. It speaks to the login server over the wire, as any phone does. */
export interface SecondPhone {
  /** Answers the access token. @throws ControlError (as a rejection) */
  logIn(code: string): Promise<string>
  /** @throws ControlError (as a rejection) */
  logOutEverywhere(token: string): Promise<void>
  /** Opens a scanned code and confirms it with a number. Whatever the server says to that is told by the relay. */
  answerScan(token: string, scene: string, number: string): Promise<void>
}

const timeoutMs = 10_000
const userAgent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60"

export function secondPhone(relay: Relay, loginUrl: string): SecondPhone {
  async function ask(path: string, body: object, token?: string): Promise<RelayReply> {
    const request: RelayRequest = {
      method: "POST",
      url: `${loginUrl.replace(/\/$/, "")}${path}`,
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: Buffer.from(JSON.stringify(body)),
    }
    return relay(request, () => send(request)).catch(() => {
      throw new ControlError({ en: "the login server can't be reached", zh: "无法连接登录服务器" })
    })
  }

  async function post(
    path: string,
    body: object,
    token?: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const reply = await ask(path, body, token)
    if (reply.status !== 200)
      throw new ControlError({
        en: `the login server answered ${reply.status} to POST ${path}`,
        zh: `登录服务器对 POST ${path} 返回了 ${reply.status}`,
      })
    return JSON.parse(Buffer.from(reply.body).toString())
  }

  return {
    async logIn(code) {
      const { access_token } = await post("/login", { code })
      if (typeof access_token !== "string")
        throw new ControlError({ en: "the login server answered no token", zh: "登录服务器没有返回令牌" })
      return access_token
    },
    async logOutEverywhere(token) {
      await post("/logout", { everywhere: true }, token)
    },
    async answerScan(token, scene, number) {
      const opened = await ask("/scan/open", { scene, launch_scene: 1047 }, token)
      if (opened.status !== 200) return
      const { id } = JSON.parse(Buffer.from(opened.body).toString()) as { readonly id: string }
      await ask(`/scan/${encodeURIComponent(id)}/confirm`, { number }, token)
    },
  }
}

async function send({ method, url, headers, body }: RelayRequest): Promise<RelayReply> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, "user-agent": userAgent },
    body: body === null ? null : Buffer.from(body),
    signal: AbortSignal.timeout(timeoutMs),
  })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  }
}
