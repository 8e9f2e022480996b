import { createSimulator } from "@denglu/simulator"
import { createLogin, type Login } from "denglu"
import { tokenCount } from "./listen.ts"

/** A login over a simulated WeChat in the same process, with so many people logged in, and their tokens. */
export async function loggedIn(): Promise<{ readonly login: Login; readonly tokens: readonly string[] }> {
  const simulator = createSimulator()
  const apps = simulator.state().apps.map(({ appid, secret }) => ({ appid, secret }))
  const login = await createLogin({
    apps,
    store: "memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-bench",
    limits: false,
    wechat: { simulator: "http://127.0.0.1:1", fetch: request => simulator.fetch(request) },
  })
  const tokens: string[] = []
  for (let person = 0; person < tokenCount; person += 1) {
    const body = JSON.stringify({ code: simulator.issueCode({ user: `person ${person}` }) })
    const response = await login.fetch(new Request("http://bench/login", { method: "POST", body }))
    tokens.push(((await response.json()) as { access_token: string }).access_token)
  }
  return { login, tokens }
}
