import type { createBench, Running } from "./run-cli.ts"

/** What a login answers, as far as the tests look at it. */
export interface LoggedIn {
  readonly access_token: string
  readonly refresh_token: string
  readonly user: { readonly id: string; readonly is_new: boolean }
}

/** A running `denglu dev`. */
export interface DevServer {
  readonly run: Running
  readonly login: string
  readonly simulator: string
  /** A code for this person, as `wx.login()` gets it. */
  code(user: string): Promise<string>
  logIn(user: string): Promise<LoggedIn>
  /** The status of `GET /me` with this access token. */
  me(accessToken: string): Promise<number>
}

interface Starting {
  /** Further arguments. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Starts `denglu dev` in the folder, on ports that are free, and waits until it is up. */
export async function startDev(
  bench: ReturnType<typeof createBench>,
  cwd: string,
  { args = [], env = {} }: Starting = {},
): Promise<DevServer> {
  const run = bench.start(["dev", "--port", "0", "--simulator-port", "0", ...args], { cwd, env })
  const [, login = ""] = await run.printed(/login server +(http:\S+)/)
  const [, simulator = ""] = await run.printed(/simulated WeChat +(http:\S+)/)
  await run.printed(/Ctrl-C ends it/)
  const code = async (user: string) => {
    const answer = await post(`${simulator}/__simulator__/code`, { user })
    return ((await answer.json()) as { readonly code: string }).code
  }
  return {
    run,
    login,
    simulator,
    code,
    async logIn(user) {
      const answer = await post(`${login}/login`, { code: await code(user) })
      if (answer.status !== 200) throw new Error(`the login was answered with ${answer.status}`)
      return (await answer.json()) as LoggedIn
    },
    async me(accessToken) {
      const answer = await fetch(`${login}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
      await answer.arrayBuffer()
      return answer.status
    },
  }
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })
}
