import { expect } from "vitest"
import { type Instances, post } from "./instances.ts"

/** Within so many ms every request is answered: connecting may take 1 s, a statement 3. */
const deadline = 4_500

/** How often what was answered: `login 200`, `refresh 503 store_unavailable`. */
export type Statuses = Readonly<Record<string, number>>

export interface Trouble {
  readonly harm: () => void | Promise<void>
  readonly heal: () => void | Promise<void>
  /** How long the harm lasts. */
  readonly ms: number
}

interface Load {
  /** Takes what was counted since. */
  take(): {
    readonly statuses: Statuses
    /** Milliseconds. */
    readonly slowest: number
    readonly odd: readonly string[]
    /** When (performance.now()) the last was answered that was not a 200. */
    readonly failedAt: number
  }
  stop(): Promise<void>
}

/** People who log in, refresh and ask who they are, all the time. */
async function startLoad(urls: readonly string[], code: (person: string) => string): Promise<Load> {
  let over = false
  let statuses: Record<string, number> = {}
  let slowest = 0
  let odd: string[] = []
  let failedAt = 0
  const count = async (
    what: string,
    ask: () => Promise<{ status: number; body?: { code?: string }; retryAfter?: string | null }>,
  ) => {
    const start = performance.now()
    try {
      const { status, body, retryAfter } = await ask()
      const key = status === 200 ? `${what} 200` : `${what} ${status} ${body?.code}`
      statuses[key] = (statuses[key] ?? 0) + 1
      if (status !== 200) failedAt = performance.now()
      if (status === 503 && !(Number(retryAfter) >= 1)) odd.push(`${key} without Retry-After`)
    } catch (error) {
      odd.push(`${what}: ${error instanceof Error ? error.name : error}`)
    }
    slowest = Math.max(slowest, performance.now() - start)
  }
  const urlOf = (index: number) => urls[index % urls.length] as string
  const person = async (index: number, first: string) => {
    const url = urlOf(index)
    let token: string | undefined = first
    while (!over) {
      await count("login", async () => {
        const reply = await post(`${url}/login`, { code: code(`person ${index}`) })
        if (reply.status === 200) token ??= reply.body.refresh_token
        return reply
      })
      if (token !== undefined)
        await count("refresh", async () => {
          const reply = await post(`${url}/refresh`, { refresh_token: token })
          if (reply.status === 200) token = reply.body.refresh_token
          // As a client does: it logs in again.
          if (reply.status === 401) token = undefined
          return reply
        })
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  // Everybody is logged in before harm is done.
  const firsts = await Promise.all(
    Array.from({ length: people }, (_, index) =>
      post(`${urlOf(index)}/login`, { code: code(`person ${index}`) }),
    ),
  )
  const clients = firsts.map(({ body }, index) => person(index, body.refresh_token))
  return {
    take() {
      const taken = { statuses, slowest, odd, failedAt }
      statuses = {}
      slowest = 0
      odd = []
      return taken
    },
    async stop() {
      over = true
      await Promise.all(clients)
    },
  }
}

const people = 12
/** How long (ms) a refresh may be repeated whose answer was lost. */
const grace = 30_000

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const allowed = /^(login|refresh) (200|503 store_unavailable)$/
/** A refresh that was done, but whose answer the trouble took; repeated after the grace it looks like a theft, and the person logs in once more. */
const repeatedTooLate = "refresh 401 refresh_reused"

/**
 * Does harm for a while, and looks at what is answered before, meanwhile and after: everything in time and with a documented code, all well
 * 5 s after the end of it, no process gone. Answers how often what was answered meanwhile.
 */
export async function endure(instances: Instances, { harm, heal, ms }: Trouble): Promise<Statuses> {
  const { ports, code } = instances
  const load = await startLoad(
    ports.map(port => `http://127.0.0.1:${port}`),
    code,
  )
  await wait(1_000)
  const before = load.take()
  await harm()
  await wait(ms)
  const meanwhile = load.take()
  await heal()
  const healedAt = performance.now()
  await wait(5_000)
  const healing = load.take()
  await wait(1_500)
  const after = load.take()
  await load.stop()
  console.log(
    JSON.stringify({
      before: before.statuses,
      meanwhile: meanwhile.statuses,
      slowest: Math.round(Math.max(meanwhile.slowest, healing.slowest)),
      healing: healing.statuses,
      wellAfter: Math.max(0, Math.round(after.failedAt - healedAt)),
      after: after.statuses,
    }),
  )
  for (const { statuses, slowest, odd } of [before, meanwhile, healing, after]) {
    expect(odd).toEqual([])
    const mayBeTooLate = statuses === healing.statuses && ms + deadline > grace
    expect(
      Object.keys(statuses).filter(key => !allowed.test(key) && !(mayBeTooLate && key === repeatedTooLate)),
    ).toEqual([])
    expect(slowest).toBeLessThan(deadline)
  }
  expect(healing.statuses[repeatedTooLate] ?? 0).toBeLessThanOrEqual(people)
  expect(Object.keys(after.statuses).filter(key => !key.endsWith(" 200"))).toEqual([])
  expect(instances.running()).toBe(true)
  return meanwhile.statuses
}
