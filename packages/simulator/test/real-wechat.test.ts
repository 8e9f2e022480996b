import { expect, test } from "vitest"
import { createSimulator } from "../src/index.ts"

/** A WeChat as the cases see it: the simulated one, or the real one. */
interface WeChat {
  readonly appid: string
  readonly secret: string
  send(path: string, query: Readonly<Record<string, string>>, body?: object): Promise<Answer>
  /** A fresh code of `wx.login()`; `undefined` if there is none. */
  code(): string | undefined
}

interface Answer {
  readonly status: number
  readonly contentType: string
  readonly json: Readonly<Record<string, unknown>>
}

const rid = "rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
const sns = (errcode: number, text: string) => ({
  errcode,
  errmsg: expect.stringMatching(new RegExp(`^${text}, ${rid}$`)),
})
const cgi = (errcode: number, text: string) => ({
  errcode,
  errmsg: expect.stringMatching(new RegExp(`^${text} ${rid}$`)),
})
const grant = { grant_type: "authorization_code" }

/** What is said of WeChat's wire, once for both. Each case gets a WeChat and fails if the rule does not hold. */
const cases: Readonly<Record<string, (weChat: WeChat) => Promise<void>>> = {
  async "an unknown appid is 40013, before everything else"({ send }) {
    const { json } = await send("/sns/jscode2session", {
      appid: "wxsimnobody000000",
      secret: "",
      js_code: "",
    })
    expect(json).toEqual(sns(40013, "invalid appid"))
  },
  async "a wrong secret is 40125, before the code"({ appid, send }) {
    const secret = "0".repeat(32)
    const { json } = await send("/sns/jscode2session", { appid, secret, js_code: "x", ...grant })
    expect(json.errcode).toBe(40125)
  },
  async "a made-up code is 40029, with status 200 and as text/plain"({ appid, secret, send }) {
    const answer = await send("/sns/jscode2session", { appid, secret, js_code: "made-up", ...grant })
    expect(answer.json).toEqual(sns(40029, "invalid code"))
    expect([answer.status, answer.contentType]).toEqual([200, "text/plain"])
  },
  async "no js_code at all is 41008"({ appid, secret, send }) {
    expect((await send("/sns/jscode2session", { appid, secret, ...grant })).json.errcode).toBe(41008)
  },
  async "parameters in the body of a POST are not read: 41002"({ appid, secret, send }) {
    const { json } = await send("/sns/jscode2session", {}, { appid, secret, js_code: "x", ...grant })
    expect(json.errcode).toBe(41002)
  },
  async "a code becomes openid and session_key, once"({ appid, secret, send, code }) {
    const js_code = code()
    if (js_code === undefined) return
    const query = { appid, secret, js_code, ...grant }
    const { json } = await send("/sns/jscode2session", query)
    expect(json).toMatchObject({
      openid: expect.stringMatching(/^o[\w-]{27}$/),
      session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    })
    expect(json).not.toHaveProperty("errcode")
    expect((await send("/sns/jscode2session", query)).json).toEqual(sns(40163, "code been used"))
  },
  async "under /cgi-bin the rid comes without a comma"({ send }) {
    const query = { grant_type: "client_credential", appid: "wxsimnobody000000", secret: "x" }
    expect((await send("/cgi-bin/token", query)).json).toEqual(cgi(40013, "invalid appid"))
  },
  async "no access_token is 41001, a made-up one 40001"({ send }) {
    expect((await send("/wxa/checksession", {})).json.errcode).toBe(41001)
    expect((await send("/wxa/checksession", { access_token: "74_made-up" })).json.errcode).toBe(40001)
  },
  async "stable_token answers the same token twice, and it draws codes"({ appid, secret, send }) {
    const ask = () => send("/cgi-bin/stable_token", {}, { grant_type: "client_credential", appid, secret })
    const first = (await ask()).json
    expect(first).toMatchObject({ access_token: expect.any(String), expires_in: expect.any(Number) })
    const second = (await ask()).json
    expect(second.access_token === first.access_token).toBe(true)
    const access_token = String(first.access_token)
    const { json } = await send("/wxa/getwxacodeunlimit", { access_token }, {})
    expect([40097, 40129, 40169]).toContain(json.errcode)
  },
}

function simulated(): WeChat {
  const simulator = createSimulator()
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  return {
    ...app,
    send: sendBy(request => simulator.fetch(request), "http://127.0.0.1:3001"),
    code: () => simulator.issueCode({ user: "alice" }),
  }
}

function real(): WeChat {
  const { WECHAT_APPID: appid = "", WECHAT_SECRET: secret = "", WECHAT_CODE: code } = process.env
  return { appid, secret, send: sendBy(fetch, "https://api.weixin.qq.com"), code: () => code }
}

function sendBy(fetch: (request: Request) => Promise<Response>, origin: string): WeChat["send"] {
  return async (path, query, body) => {
    const url = `${origin}${path}?${new URLSearchParams(query)}`
    const response = await fetch(
      new Request(url, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    )
    const contentType = response.headers.get("content-type")?.split(";")[0] ?? ""
    return { status: response.status, contentType, json: JSON.parse(await response.text()) }
  }
}

const names = Object.entries(cases)

test.each(names)("the simulated WeChat: %s", (_name, run) => run(simulated()))

// Nobody has credentials by chance, so without them there is nothing to skip.
if (process.env.WECHAT_APPID !== undefined && process.env.WECHAT_SECRET !== undefined)
  test.each(names)("the real WeChat: %s", (_name, run) => run(real()))
