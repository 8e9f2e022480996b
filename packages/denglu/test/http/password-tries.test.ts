import { performance } from "node:perf_hooks"
import { afterEach, describe, expect, test } from "vitest"
import { passwordTries } from "../../src/limits/most.ts"
import { loadArgon2 } from "../../src/user/password-hasher.ts"
import type { Answer, SendOptions } from "../support/harness.ts"
import {
  alice,
  cheapHashes,
  codeOf,
  type PasswordHarness,
  passwordHarness,
} from "../support/password-harness.ts"

let harness: PasswordHarness
afterEach(() => harness.close())

const start = async (...options: Parameters<typeof passwordHarness>) => {
  harness = await passwordHarness(...options)
}
/** None of what happens here fits into the waiting line of a usual server. */
const patient = { passwords: { registration: true, argon2: cheapHashes, hashesWaiting: 10_000 } }

const wrong = { password: "three black horses" }
const from = (host: number): SendOptions => ({
  address: `203.0.${Math.floor(host / 250)}.${(host % 250) + 1}`,
})
const times = (count: number, work: (index: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const countOf = (answers: readonly Answer[], code: string) =>
  answers.filter(({ body }) => body.code === code).length

/** The mark that a login's answer gave the browser. */
const markOf = ({ headers }: Answer): SendOptions => ({
  headers: { "denglu-familiar": headers.get("denglu-familiar") ?? "" },
})

describe("wrong passwords", () => {
  test("64 at once for one account from one address are ten that are compared", async () => {
    await start(patient)
    await harness.register()
    const answers = await times(64, () => harness.logInWith(wrong))
    expect(countOf(answers, "credentials_invalid")).toBe(passwordTries.accountAtAddress)
    expect(countOf(answers, "rate_limited")).toBe(64 - passwordTries.accountAtAddress)
    const refused = await harness.logInWith()
    expect(codeOf(refused)).toEqual([429, "rate_limited"])
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    harness.advance(3_600_000)
    expect((await harness.logInWith()).status).toBe(200)
  })

  test("from everywhere at once are fifty for an account, there is one or not", async () => {
    for (const account of ["alice", "nobody", "13800138000", "!"]) {
      await start(patient)
      await harness.register()
      const answers = await times(120, index => harness.logInWith({ account, ...wrong }, from(index)))
      expect([account, countOf(answers, "credentials_invalid")]).toEqual([account, passwordTries.strangers])
      expect(countOf(answers, "rate_limited")).toBe(120 - passwordTries.strangers)
      if (account !== "!") await harness.close()
    }
  })

  test("for many accounts from one address are a hundred", async () => {
    await start({ ...patient, limits: false })
    const answers = await times(150, index => harness.logInWith({ account: `person${index}` }))
    expect(countOf(answers, "credentials_invalid")).toBe(passwordTries.address)
    expect(codeOf(await harness.register({ account: "bob" }))).toEqual([200, undefined])
  })

  test("right ones cost nothing, and give no tries back to those that were wrong", async () => {
    await start(patient)
    await harness.register()
    for (let index = 0; index < 15; index += 1) expect((await harness.logInWith()).status).toBe(200)
    await times(passwordTries.accountAtAddress - 1, () => harness.logInWith(wrong))
    expect((await harness.logInWith()).status).toBe(200)
    expect(codeOf(await harness.logInWith(wrong))).toEqual([400, "credentials_invalid"])
    expect(codeOf(await harness.logInWith(wrong))).toEqual([429, "rate_limited"])
  })
})

describe("who is guessed at", () => {
  test("comes in all the same in a browser they have used before", async () => {
    await start(patient)
    const registered = await harness.register()
    await times(80, index => harness.logInWith(wrong, from(index)))
    expect(codeOf(await harness.logInWith({}, from(200)))).toEqual([429, "rate_limited"])
    const mark = markOf(registered)
    expect((await harness.logInWith({}, { ...mark, ...from(201) })).status).toBe(200)
    const behindOneAddress = { ...mark, ...from(0) }
    expect((await harness.logInWith({}, behindOneAddress)).status).toBe(200)
  })

  test("has ten tries in it, which nobody else's browser has", async () => {
    await start(patient)
    const mark = markOf(await harness.register())
    const others = markOf(await harness.register({ account: "mallory" }))
    const answers = await times(30, index => harness.logInWith(wrong, { ...mark, ...from(index) }))
    expect(countOf(answers, "credentials_invalid")).toBe(passwordTries.familiar)
    // The familiar browser's failures are its own: in a new one there are tries left.
    expect((await harness.logInWith({}, from(99))).status).toBe(200)
    const strangers = await times(120, index => harness.logInWith(wrong, { ...others, ...from(index) }))
    expect(countOf(strangers, "credentials_invalid")).toBe(passwordTries.strangers)
    for (const made of ["", "x", "x".repeat(3_000)])
      expect(codeOf(await harness.logInWith({}, { headers: { "denglu-familiar": made } }))).toEqual([
        429,
        "rate_limited",
      ])
  })

  test("is not guessed at without end by who once knew the password, and has many marks", async () => {
    await start(patient)
    await harness.register()
    const marks = (await times(8, index => harness.logInWith({}, from(index)))).map(markOf)
    const answers = await times(80, index => harness.logInWith(wrong, marks[index % 8]))
    expect(countOf(answers, "credentials_invalid")).toBe(passwordTries.allFamiliar)
    expect(countOf(answers, "rate_limited")).toBe(80 - passwordTries.allFamiliar)
    // A stranger's tries are others still, and another person's marks are not touched.
    expect((await harness.logInWith({}, from(99))).status).toBe(200)
    const bob = { account: "bob" }
    expect((await harness.logInWith(bob, markOf(await harness.register(bob)))).status).toBe(200)
    harness.advance(3_600_000)
    expect((await harness.logInWith({}, marks[0])).status).toBe(200)
  })

  test("is known again by the cookie, where sessions are in cookies", async () => {
    await start({ ...patient, browserSessions: true })
    const page = { "denglu-session": "cookie", "sec-fetch-site": "same-origin" }
    const registered = await harness.register({}, { headers: page })
    const [cookie = ""] = registered.headers.getSetCookie()[0]?.split(";") ?? []
    await times(80, index => harness.logInWith(wrong, from(index)))
    const again = await harness.logInWith({}, { headers: { ...page, cookie }, ...from(300) })
    expect(again.status).toBe(200)
  })
})

test("one address asks for thirty accounts an hour, those that are taken included", async () => {
  await start({ ...patient, limits: false })
  const answers = await times(40, index => harness.register({ account: `person${index % 35}` }))
  expect(countOf(answers, "rate_limited")).toBe(40 - passwordTries.registrations)
  expect((await harness.register({ account: "another" }, from(9))).status).toBe(200)
})

test("who renames themselves, or forgets their password, asks for no more names than who registers", async () => {
  await start({ ...patient, limits: false })
  await harness.register({ account: "bob" })
  const { access_token: token } = (await harness.register({}, from(1))).body
  const change = (account: string) => {
    const body = { account, password: alice.password, current_password: alice.password }
    return harness.send("POST", "/me/password", { token, body, ...from(2) })
  }
  for (let index = 0; index < passwordTries.registrations; index += 1)
    expect(codeOf(await change("bob"))).toEqual([409, "account_taken"])
  expect(codeOf(await change("bob"))).toEqual([429, "rate_limited"])
  expect((await change("Alice")).status).toBe(200)
  await harness.logIn("carol")
  const reset = (address: SendOptions, account?: string) =>
    harness.send("POST", "/password/reset", {
      body: { code: harness.code("carol"), password: "four white horses", ...(account && { account }) },
      ...address,
    })
  expect(codeOf(await reset(from(2), "carol"))).toEqual([429, "rate_limited"])
  expect((await reset(from(3), "carol")).status).toBe(200)
  expect((await reset(from(2))).status).toBe(200)
  expect((await reset(from(2), "carol")).status).toBe(200)
})

test("more than can be hashed is told to come back, and costs no try", async () => {
  const few = { registration: true, argon2: { memory: 19_456, passes: 2 }, hashesAtOnce: 1, hashesWaiting: 2 }
  await start({ passwords: few })
  await harness.register()
  const answers = await times(10, index => harness.logInWith(wrong, from(index)))
  expect(countOf(answers, "credentials_invalid")).toBe(3)
  expect(countOf(answers, "overloaded")).toBe(7)
  expect(answers.find(({ status }) => status === 503)?.headers.get("retry-after")).toBe("1")
  for (let index = 0; index < passwordTries.accountAtAddress - 1; index += 1)
    expect(codeOf(await harness.logInWith(wrong, from(0)))).toEqual([400, "credentials_invalid"])
})

/** How long (ms) this thread was busy between two turns of its loop, the longest first: what others do on the machine is not counted. */
async function longestTurns(work: () => Promise<unknown>): Promise<readonly number[]> {
  const turns: number[] = []
  let before = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(before)
    turns.push((user + system) / 1_000)
    before = process.threadCpuUsage()
  }
  let ends = false
  const turn = () => {
    look()
    if (!ends) setImmediate(turn)
  }
  turn()
  await work()
  ends = true
  look()
  return turns.sort((one, other) => other - one)
}

test("hashing never holds up the event loop for 10 ms", async () => {
  await start({ passwords: { registration: true, hashesWaiting: 100 } })
  const people = Array.from({ length: 2 }, (_, index) => ({ account: `person${index}` }))
  const marks = (await Promise.all(people.map(person => harness.register(person)))).map(markOf)
  const begin = performance.now()
  // Two at once: the work of many requests that arrive in one turn is long by itself, hashed or not; on a slow machine that of ten is.
  const logIn = () =>
    times(2, async index => {
      const answer = await harness.logInWith(people[index], marks[index])
      expect(answer.status).toBe(200)
      return answer
    })
  // Some before it counts: code that runs for the first times is compiled.
  for (let round = 0; round < 8; round += 1) await logIn()
  const turns = await longestTurns(async () => {
    for (let round = 0; round < 24; round += 1) await logIn()
  })
  const [longest = 0, second = 0, third = 0] = turns
  const shown = [longest, second, third].map(ms => ms.toFixed(1)).join(", ")
  console.log(`64 logins in ${Math.round(performance.now() - begin)} ms, longest turns ${shown} ms`)
  // Each of 48 hashes would be a turn by itself. Two turns may be the garbage collector's, but none is as long as a hash.
  expect(third).toBeLessThan(10)
  const { hashSync } = (await loadArgon2()) as unknown as { hashSync(password: string, cost: object): string }
  const blocking = (timeCost: number) =>
    longestTurns(async () => {
      for (let hashed = 0; hashed < 3; hashed += 1) {
        hashSync("x", { memoryCost: 19_456, timeCost })
        await new Promise(resolve => setImmediate(resolve))
      }
    })
  expect(longest).toBeLessThan((await blocking(2))[2] as number)
  expect((await blocking(8))[2]).toBeGreaterThan(10)
})
