import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { webBundle } from "../../../../scripts/bundle-web.ts"
import { startHarness } from "../../../denglu/test/support/harness.ts"

/** A site with the panel on it and a login server behind it, on one host. */
export interface PanelServer {
  readonly origin: string
  /** What the scan answers next; the last one stays. */
  readonly scan: { states: string[]; codes: number }
  /** What the server says it offers; `undefined`: it does not say. */
  offered: readonly string[] | undefined
  /** Whether it says that people may register. */
  registration: boolean
  /** What was sent, as `POST /sms {…}`. */
  readonly sent: string[]
  close(): Promise<void>
}

const picture = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9.5" fill="none" stroke="#000"/><circle cx="10" cy="10" r="4"/></svg>',
)}`

export async function startPanelServer(): Promise<PanelServer> {
  const harness = await startHarness({ browserSessions: true, clock: Date.now })
  const code = await webBundle("panel/index")
  const served: { offered: readonly string[] | undefined; registration: boolean } = {
    offered: undefined,
    registration: false,
  }
  const scan = { states: ["waiting"], codes: 0 }
  const sent: string[] = []

  /** Logs in who is named, by a code of the mini program: the site's own ways in are somebody else's test. */
  async function logIn(person: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const headers = Object.fromEntries(
      Object.entries(req.headers).filter(([, value]) => typeof value === "string"),
    ) as Record<string, string>
    const { "content-length": _, ...rest } = headers
    const answer = await harness.login.fetch(
      new Request(`${origin()}/login`, {
        method: "POST",
        headers: { ...rest, "content-type": "application/json" },
        body: JSON.stringify({ code: harness.code(person) }),
      }),
    )
    res.writeHead(answer.status, {
      "content-type": "application/json",
      "set-cookie": answer.headers.getSetCookie(),
    })
    res.end(await answer.text())
  }

  const json = (res: ServerResponse, status: number, body: object) => {
    res.writeHead(status, { "content-type": "application/json" })
    res.end(JSON.stringify(body))
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path] = (req.url ?? "").split("?")
    if (path === "/panel.js") {
      res.writeHead(200, { "content-type": "text/javascript" })
      return void res.end(code)
    }
    if (path === "/page") {
      res.writeHead(200, { "content-type": "text/html; charset=utf-8" })
      const { searchParams } = new URL(req.url ?? "", origin())
      const attributes = [...searchParams].map(([name, value]) => `${name}="${value}"`).join(" ")
      return void res.end(`<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width">
        <style>body{margin:0;min-height:100vh;display:grid;place-items:center;background:#ededed}
        @media (prefers-color-scheme:dark){body{background:#111}}denglu-login{width:min(360px,calc(100vw - 32px))}</style>
        <denglu-login ${attributes}></denglu-login><script type="module" src="/panel.js"></script>`)
    }
    if (!/^\/(scan|sms|login\/|register)/.test(path ?? "")) return harness.login.node(req, res)
    if (path === "/login/ways")
      return served.offered === undefined
        ? json(res, 404, { code: "not_found" })
        : json(res, 200, { ways: served.offered, registration: served.registration })
    let text = ""
    for await (const chunk of req) text += chunk
    const body = (text === "" ? {} : JSON.parse(text)) as Record<string, string>
    sent.push(`${req.method} ${path} ${text}`)
    if (path === "/scan") {
      scan.codes += 1
      return json(res, 200, { id: `t${scan.codes}`, image: picture, number: "42", expires_in: 180 })
    }
    if (path?.endsWith("/redeem")) return logIn("alice", req, res)
    if (path?.startsWith("/scan/")) {
      const status = scan.states.length > 1 ? scan.states.shift() : scan.states[0]
      await new Promise(resolve => setTimeout(resolve, 100))
      return json(res, 200, { status, expires_in: 100 })
    }
    if (path === "/register" && body.account === "bob")
      return json(res, 409, { code: "account_taken", title: "taken", retryable: false })
    if (path === "/register" && body.password === "12345678")
      return json(res, 400, { code: "password_refused", title: "refused", retryable: false })
    if (path === "/register") return logIn("carol", req, res)
    if (path === "/sms") return json(res, 200, { sms_id: "s1", expires_in: 300, retry_in: 60 })
    const right = path === "/login/sms" ? body.code === "123456" : body.password === "right words"
    const wrong = path === "/login/sms" ? "sms_code_invalid" : "credentials_invalid"
    if (!right) return json(res, 403, { code: wrong, title: "wrong", retryable: false })
    return logIn("alice", req, res)
  }

  const server = createServer((req, res) => void answer(req, res))
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin: origin(),
    scan,
    sent,
    get offered() {
      return served.offered
    },
    set offered(ways) {
      served.offered = ways
    },
    get registration() {
      return served.registration
    },
    set registration(on) {
      served.registration = on
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await harness.close()
    },
  }
}
