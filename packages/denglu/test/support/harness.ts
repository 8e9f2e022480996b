import { createSimulator, type Simulator } from "@denglu/simulator"
import { createLogin, type Logger, type Login, type LoginOptions } from "denglu"

/** A login over a simulated WeChat in the same process, both on one clock that tests move. */
export interface Harness {
  readonly login: Login
  readonly simulator: Simulator
  readonly appid: string
  /** Everything that was logged, as text: tests look for secrets in it. */
  readonly logged: string[]
  /** A fresh code of `wx.login()` for this person. */
  code(person: string): string
  /** The login's clock: it stands still until it is moved. */
  now(): number
  /** Moves the clock of both sides. */
  advance(ms: number): void
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
  /** Logs in and answers the token reply; fails the test if it does not come about. */
  logIn(person: string): Promise<TokenAnswer>
  close(): Promise<void>
}

export interface SendOptions {
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly address?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any
}

export interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly refresh_expires_in: number
  readonly session_id: string
  readonly user: { readonly id: string; readonly is_new: boolean; readonly nickname: string | null }
}

export const harnessSecret = "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-harness"

export async function startHarness(
  options: Partial<LoginOptions> = {},
  simulator: Simulator = createSimulator(),
): Promise<Harness> {
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const logged: string[] = []
  let now = simulator.clock.now()
  const log: Logger = { info: note("info"), warn: note("warn"), error: note("error") }
  const login = await createLogin({
    apps: [{ appid: app.appid, secret: app.secret }],
    store: "memory:",
    secret: harnessSecret,
    clock: () => now,
    log,
    ...options,
    wechat: {
      simulator: "http://127.0.0.1:3001",
      fetch: request => simulator.fetch(request),
      ...options.wechat,
    },
  })

  function note(level: string) {
    return (facts: object, message: string) => {
      logged.push(JSON.stringify({ level, message, ...facts }))
    }
  }

  async function send(method: string, path: string, { body, token, headers, address }: SendOptions = {}) {
    const request = new Request(`http://login.test${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    })
    const response = await login.fetch(request, { address: address ?? "203.0.113.7" })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === "" ? undefined : JSON.parse(text),
    }
  }

  const code = (person: string) => simulator.issueCode({ appid: app.appid, user: person })

  return {
    login,
    simulator,
    appid: app.appid,
    logged,
    code,
    now: () => now,
    advance(ms) {
      now += ms
      simulator.clock.advance(ms)
    },
    send,
    async logIn(person) {
      const answer = await send("POST", "/login", { body: { code: code(person) } })
      if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${answer.text}`)
      return answer.body
    },
    close: () => login.close(),
  }
}
