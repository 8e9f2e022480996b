import { createSimulator } from "@denglu/simulator"
import type { Login, LoginOptions } from "denglu"
import { expect } from "vitest"
import { createLoginAsking } from "../../src/create-login.ts"
import { type AskEvery, usualAskEvery } from "../../src/session/upkeep.ts"
import type { Store } from "../../src/store/store.ts"

/** Some instances on one database, as on several machines, all in this process. */
export interface Instances {
  readonly all: readonly Login[]
  logIn(instance: Login, person: string): Promise<{ readonly status: number; readonly token: string }>
  close(): Promise<void>
}

export interface InstancesOptions extends Omit<Partial<LoginOptions>, "store"> {
  readonly count: number
  /** A URL, or what opens the store of each. */
  readonly store: string | (() => Promise<Store>)
  readonly askEvery?: AskEvery
}

export async function startInstances(given: InstancesOptions): Promise<Instances> {
  const { count, store, askEvery = usualAskEvery, ...options } = given
  const simulator = createSimulator()
  const apps = simulator.state().apps.map(({ appid, secret }) => ({ appid, secret }))
  const quiet = () => {}
  const opened: Store[] = []
  const all: Login[] = []
  for (let index = 0; index < count; index += 1) {
    const own = typeof store === "string" ? store : await store()
    if (typeof own !== "string") opened.push(own)
    const login = await createLoginAsking(askEvery, {
      apps,
      store: own,
      secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-instances",
      log: { info: quiet, warn: quiet, error: quiet },
      wechat: { simulator: "http://127.0.0.1:1", fetch: request => simulator.fetch(request) },
      ...options,
    })
    all.push(login)
  }
  return {
    all,
    async logIn(instance, person) {
      const body = JSON.stringify({ code: simulator.issueCode({ user: person }) })
      const reply = await instance.fetch(new Request("http://login/login", { method: "POST", body }))
      return { status: reply.status, token: ((await reply.json()) as { access_token: string }).access_token }
    },
    async close() {
      for (const login of all) await login.close()
      for (const own of opened) await own.close()
    },
  }
}

/** Milliseconds until the instance refuses the token; rejects if it does not within `patience` ms. */
async function refusedAfter(instance: Login, token: string, patience: number): Promise<number> {
  const start = performance.now()
  while (performance.now() - start < patience) {
    const verdict = await instance.verify(token).then(
      () => "good",
      (error: { code?: string }) => error.code,
    )
    if (verdict === "session_revoked") return performance.now() - start
    expect(verdict).toBe("good")
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  throw new Error("it was never refused")
}

/** Logs somebody in on the first instance and out again. Answers after how many milliseconds all the others refuse the token. */
export async function revokeOnOne(
  { all, logIn }: Instances,
  person: string,
  patience = 5_000,
): Promise<number> {
  const [one, ...others] = all as [Login, ...Login[]]
  const { token } = await logIn(one, person)
  const { sessionId } = await one.verify(token)
  for (const other of others) await other.verify(token)
  await one.sessions.revoke(sessionId)
  await expect(one.verify(token)).rejects.toMatchObject({ code: "session_revoked" })
  return Math.max(...(await Promise.all(others.map(other => refusedAfter(other, token, patience)))))
}
