import fc from "fast-check"
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest"
import { type Command, createScheduledWorld, drained, type Fate } from "./support/scheduled-world.ts"

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] }))
afterEach(() => void vi.useRealTimers())

let schedules = 0
let calls = 0
afterAll(() =>
  console.log(
    `${schedules.toLocaleString("en")} schedules, ${calls.toLocaleString("en")} calls of the platform`,
  ),
)

/** How often each stands here is how often it comes. */
const asking: readonly Command[] = ["request", "request", "request", "request", "ready", "login", "login"]
const outside: readonly Command[] = ["expire", "expire", "revoke", "delete"]
const leaving: readonly Command[] = ["logout", "everywhere"]
const time: readonly Command[] = ["wait 1 s", "wait 12 s", "wait 60 s"]
const all: readonly Command[] = [...asking, "fresh", "restore", ...outside, ...leaving, ...time]

const commandsOf = (commands: readonly Command[], maxLength = 18) =>
  fc.array(fc.constantFrom(...commands), { minLength: 3, maxLength, size: "max" })
const faults = fc.array(fc.constantFrom<Fate>("well", "well", "well", "cut", "lost", "silent"), {
  maxLength: 18,
  size: "max",
})
/** Two in one request would be a second 401, which is its answer. */
const withOneExpiry = (commands: readonly Command[]) =>
  fc
    .tuple(commandsOf(commands, 6), commandsOf(commands, 8))
    .map(([before, after]): readonly Command[] => [...before, "expire", ...after])
const schedule = () =>
  fc.scheduler({
    act: async run => {
      await run()
      await drained()
    },
  })

async function play(
  scheduler: fc.Scheduler,
  fates: readonly Fate[] | undefined,
  commands: readonly Command[],
) {
  vi.clearAllTimers()
  const world = createScheduledWorld(scheduler, fates)
  await world.run(commands)
  schedules += 1
  calls += world.calls.length
  expect(world.pending()).toEqual([])
  expect(world.violations).toEqual([])
  const sent = world.calls.filter(({ path }) => path === "/login").map(({ options }) => options.data)
  expect(new Set(sent.map(data => (data as { code: string }).code)).size).toBe(sent.length)
  if (world.callsAtLogout() !== undefined) {
    expect(world.login.status).toBe("logged_out")
    const later = world.calls.slice(world.callsAtLogout())
    expect(later.filter(({ api, path }) => api === "login" || path === "/login")).toEqual([])
  }
  return world
}

const minutes = 2 * 60_000

test(
  "whatever happens: every waiter settles, one login at a time, codes once, no token burnt, logout and deletion stick",
  async () => {
    await fc.assert(
      fc.asyncProperty(schedule(), faults, commandsOf(all), async (scheduler, fates, commands) => {
        await play(scheduler, fates, commands)
      }),
      { numRuns: 10_000 },
    )
  },
  minutes,
)

test(
  "where nothing gets lost, whoever asks is answered, or hears that nobody is logged in",
  async () => {
    await fc.assert(
      fc.asyncProperty(schedule(), commandsOf(all), async (scheduler, commands) => {
        const { outcomes, server } = await play(scheduler, undefined, commands)
        // A session that ends between the two sendings of a request is the answer of the second.
        const settled =
          /^((request|ready|login|fresh|restore) (fulfilled|logged_out|session_revoked)|request token_expired|(?!ready)\w+ account_deleted)$/
        const asked = outcomes.filter(outcome => !/^(logout|everywhere) /.test(outcome))
        expect(asked.filter(outcome => !settled.test(outcome))).toEqual([])
        expect(outcomes.filter(outcome => /^logout (?!fulfilled)/.test(outcome))).toEqual([])
        expect(server.presented.filter(({ decision }) => decision === "reuse")).toEqual([])
      }),
      { numRuns: 5_000 },
    )
  },
  minutes,
)

test(
  "where nothing gets lost and nobody leaves, everything is answered, and one login is all there is",
  async () => {
    const staying: readonly Command[] = [...asking, ...time]
    await fc.assert(
      fc.asyncProperty(schedule(), withOneExpiry(staying), async (scheduler, commands) => {
        const { outcomes, server } = await play(scheduler, undefined, commands)
        expect(outcomes.filter(outcome => !outcome.endsWith(" fulfilled"))).toEqual([])
        expect(server.codes.length).toBeLessThan(2)
        const presented = server.presented.map(({ counter }) => counter)
        expect(presented).toEqual(presented.map((_, at) => at))
      }),
      { numRuns: 5_000 },
    )
  },
  minutes,
)

test(
  "where nothing gets lost, a logout leaves no session on the server, whatever was under way",
  async () => {
    const entering: readonly Command[] = [...asking, "logout", ...time]
    await fc.assert(
      fc.asyncProperty(schedule(), commandsOf(entering), async (scheduler, commands) => {
        const { server, login, calls } = await play(scheduler, undefined, [...commands, "logout"])
        expect(server.live()).toEqual([])
        const sent = calls.length
        await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
        expect(calls).toHaveLength(sent)
      }),
      { numRuns: 5_000 },
    )
  },
  minutes,
)
