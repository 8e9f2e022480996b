import { vi } from "vitest"
import { type Harness, startHarness } from "../../../denglu/test/support/harness.ts"
import { createLogin, type Login, type LoginOptions } from "../../src/index.ts"

export const server = "https://login.test"

/** A browser with tabs on a real login server: one jar of cookies, one storage, one set of locks. */
export interface Browser {
  readonly harness: Harness
  /** Opens a tab. */
  tab(options?: LoginOptions): Login
  readonly stored: Map<string, string>
  /** What was sent, as `POST /refresh`, in order. */
  readonly sent: string[]
  /** The headers of what was sent last to an address. */
  headersOf(path: string): Headers | undefined
  /** Called before a request is answered; what it answers is the answer, and what it throws breaks the connection. */
  intercept:
    | ((method: string, path: string) => Promise<Response | undefined> | Response | undefined)
    | undefined
  /** Called when the server has answered, before the page hears of it. */
  answered: ((path: string) => Promise<void> | void) | undefined
  /** The value of a cookie. */
  cookie(name: string): string | undefined
  forgetCookies(): void
}

export async function openBrowser(): Promise<Browser> {
  const harness = await startHarness({ browserSessions: true, allowedOrigins: ["https://page.test"] })
  const jar = new Map<string, string>()
  const stored = new Map<string, string>()
  const sent: string[] = []
  const headers = new Map<string, Headers>()
  const storageListeners: ((event: { key: string | null }) => void)[] = []
  let queue = Promise.resolve()

  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => put(key, () => stored.set(key, value)),
    removeItem: (key: string) => put(key, () => stored.delete(key)),
  }
  function put(key: string, change: () => void): void {
    change()
    for (const listener of storageListeners) listener({ key })
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    sent.push(`${request.method} ${pathname}`)
    const own = new Headers(request.headers)
    headers.set(pathname, new Headers(own))
    const early = await browser.intercept?.(request.method, pathname)
    if (early !== undefined) return early
    own.set("origin", "https://page.test")
    own.set("sec-fetch-site", "cross-site")
    if (request.credentials === "include" && jar.size > 0)
      own.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "))
    const text = await request.text()
    // Until the server has passwords of its own: the account is who the code of a mini program is for.
    const isPassword = pathname === "/login/password"
    const asCode = ({ account, restore }: { account: string; restore?: boolean }) =>
      JSON.stringify({ code: harness.code(account), restore })
    const body = isPassword ? asCode(JSON.parse(text)) : text
    const response = await harness.login.fetch(
      new Request(`${server}${isPassword ? "/login" : pathname}`, {
        method: request.method,
        headers: own,
        ...(body === "" ? {} : { body }),
      }),
      { address: "203.0.113.9" },
    )
    await browser.answered?.(pathname)
    if (request.credentials === "include")
      for (const text of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? []
        if (/Max-Age=0(;|$)/.test(text)) jar.delete(name)
        else jar.set(name, value)
      }
    return response
  }

  vi.spyOn(Date, "now").mockImplementation(() => harness.now())
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted()
    return answer(new Request(url, init))
  })
  vi.stubGlobal("addEventListener", (kind: string, listener: (event: { key: string | null }) => void) => {
    if (kind === "storage") storageListeners.push(listener)
  })
  vi.stubGlobal("navigator", {
    language: "zh-CN",
    locks: {
      request: (_: string, work: () => Promise<unknown>) => {
        const turn = queue.then(work)
        queue = turn.then(
          () => {},
          () => {},
        )
        return turn
      },
    },
  })

  const browser: Browser = {
    harness,
    tab: options => createLogin({ baseUrl: server, storage, ...options }),
    stored,
    sent,
    headersOf: path => headers.get(path),
    intercept: undefined,
    answered: undefined,
    cookie: name => jar.get(name),
    forgetCookies: () => jar.clear(),
  }
  return browser
}
