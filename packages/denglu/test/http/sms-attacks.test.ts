import { SmsError } from "denglu"
import { afterEach, describe, expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Store } from "../../src/store/store.ts"
import type { Answer } from "../support/harness.ts"
import { type SmsHarness, startSmsHarness, wrong } from "../support/sms-harness.ts"

let harness: SmsHarness
afterEach(() => harness?.close())

const alice = "+8613800138000"
const minute = 60_000
const day = 86_400_000
const code = ({ status, body }: Answer) => (status === 200 ? [200] : [status, body?.code])
const refused = [400, "sms_code_invalid"]
const phone = (index: number) => `+861390000${String(index).padStart(4, "0")}`
const times = <Result>(count: number, work: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

describe("digits", () => {
  test("are good once, only with their sms_id, only for five minutes", async () => {
    harness = await startSmsHarness()
    const digits = await harness.take(alice)
    const other = await harness.take(phone(1))
    expect(code(await harness.logInBy({ sms_id: other.sms_id, code: digits.code }))).toEqual(refused)
    expect(code(await harness.logInBy({ sms_id: "u18n4615pd2mvk7ajvf9u69t8u", code: other.code }))).toEqual(
      refused,
    )
    harness.advance(5 * minute - 1)
    expect(code(await harness.logInBy(other))).toEqual([200])
    expect(code(await harness.logInBy(other))).toEqual(refused)
    const late = await harness.take(alice)
    harness.advance(5 * minute)
    expect(code(await harness.logInBy(late))).toEqual(refused)
  })

  test("for one purpose are good for no other, and those of a user's for nobody else", async () => {
    harness = await startSmsHarness()
    const [login, reset] = [await harness.take(alice, "login"), await harness.take(alice, "reset")]
    expect(code(await harness.logInBy(reset))).toEqual(refused)
    const { access_token: token } = await harness.logIn("alice")
    const { access_token: bobs } = await harness.logIn("bob")
    expect(code(await harness.bindBy(token, reset))).toEqual(refused)
    expect(code(await harness.bindBy(token, login))).toEqual(refused)
    const asked = await harness.ask(phone(2), { purpose: "bind", token })
    const binding = { sms_id: asked.body.sms_id, code: harness.sent.at(-1)?.code ?? "" }
    expect(code(await harness.logInBy(binding))).toEqual(refused)
    expect(code(await harness.bindBy(bobs, binding))).toEqual(refused)
    expect(code(await harness.bindBy(token, binding))).toEqual([200])
    expect(code(await harness.bindBy(token, binding))).toEqual(refused)
    expect(code(await harness.ask(alice, { purpose: "bind" }))).toEqual([401, "token_missing"])
  })

  test("guessed at by 64 at once are compared five times at most", async () => {
    harness = await startSmsHarness()
    const digits = await harness.take(alice)
    const guesses = await times(64, index =>
      harness.logInBy({
        ...digits,
        code: String((Number(digits.code) + 1 + index) % 1_000_000).padStart(6, "0"),
      }),
    )
    expect(guesses.map(code)).toEqual(guesses.map(() => refused))
    expect(code(await harness.logInBy(digits))).toEqual(refused)
    const next = await harness.take(alice)
    for (let tries = 0; tries < 4; tries += 1) await harness.logInBy(wrong(next))
    expect(code(await harness.logInBy(next))).toEqual([200])
  })

  test("typed by 64 at once open one session", async () => {
    harness = await startSmsHarness({}, { store: "sqlite::memory:" })
    const digits = await harness.take(alice)
    const answers = await times(64, () => harness.logInBy(digits))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const [winner] = answers.filter(({ status }) => status === 200)
    expect(await harness.login.sessions.list(winner?.body.user.id)).toHaveLength(1)
  })

  test("that many want for one number at once come once", async () => {
    harness = await startSmsHarness({ perAddressAnHour: 100 }, { store: "sqlite::memory:" })
    const answers = await times(64, () => harness.ask(alice))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(harness.sent).toHaveLength(1)
  })

  test("have six places, each as likely as the others", async () => {
    harness = await startSmsHarness({ perAddressAnHour: 10_000, perDay: 10_000 }, { limits: false })
    await times(2_000, index => harness.ask(phone(index)))
    const counts = new Map<string, number>()
    for (const { code: digits } of harness.sent)
      for (const digit of digits) counts.set(digit, (counts.get(digit) ?? 0) + 1)
    // 12,000 digits: chi-squared with nine degrees of freedom, which 40 exceeds once in 100,000 runs.
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 1_200) ** 2 / 1_200, 0)
    expect([counts.size, chi < 40]).toEqual([10, true])
  })

  test("are six of the digits 0 to 9, and nothing that looks like them", async () => {
    harness = await startSmsHarness()
    const { sms_id } = await harness.take(alice)
    for (const typed of ["12345", "1234567", "１２３４５６", "12345a", " 12345", 123456])
      expect(code(await harness.logInBy({ sms_id, code: typed as string }))).toEqual([400, "invalid_request"])
  })
})

describe("pumping", () => {
  const retryAfter = (answer: Answer) => Number(answer.headers.get("retry-after"))

  test("a number has one a minute, five an hour, ten a day", async () => {
    harness = await startSmsHarness()
    expect(code(await harness.ask(alice))).toEqual([200])
    const soon = await harness.ask(alice, { address: "203.0.113.99" })
    expect([code(soon), retryAfter(soon)]).toEqual([[429, "rate_limited"], 60])
    for (let index = 1; index < 5; index += 1) {
      harness.advance(minute)
      expect(code(await harness.ask(alice))).toEqual([200])
    }
    harness.advance(minute)
    const hour = await harness.ask(alice)
    expect([code(hour), retryAfter(hour)]).toEqual([[429, "rate_limited"], 55 * 60])
    for (let index = 5; index < 10; index += 1) await harness.take(alice)
    harness.advance(61 * minute)
    const later = await harness.ask(alice)
    expect(code(later)).toEqual([429, "rate_limited"])
    expect(retryAfter(later)).toBeGreaterThan(17 * 3_600)
    expect(harness.sent).toHaveLength(10)
  })

  test("an address has so many an hour, whatever becomes of them", async () => {
    harness = await startSmsHarness({ perAddressAnHour: 3 })
    const answers: unknown[] = []
    for (let index = 0; index < 4; index += 1) answers.push(code(await harness.ask(phone(index % 2))))
    expect(answers).toEqual([[200], [200], [429, "rate_limited"], [429, "rate_limited"]])
    expect(code(await harness.ask(phone(7)))).toEqual([429, "rate_limited"])
    expect(code(await harness.ask(phone(7), { address: "203.0.113.99" }))).toEqual([200])
    harness.advance(60 * minute)
    expect(code(await harness.ask(phone(3)))).toEqual([200])
  })

  test("of 64 at once no more go out than a day has", async () => {
    harness = await startSmsHarness({ perDay: 20, perAddressAnHour: 1_000 })
    const answers = await times(64, index => harness.ask(phone(index)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
    expect(harness.sent).toHaveLength(20)
    harness.advance(day)
    expect(code(await harness.ask(phone(70)))).toEqual([200])
  })

  test("messages go to no other country unless it is named, and to each only so many", async () => {
    harness = await startSmsHarness()
    for (const number of [
      "+85291234567",
      "+16502530000",
      "+881612345678",
      "+861012345678",
      "12345",
      "+861000",
    ])
      expect([number, ...code(await harness.ask(number))]).toEqual([number, 400, "phone_unsupported"])
    expect(harness.sent).toEqual([])
    await harness.close()
    harness = await startSmsHarness({ countries: ["86", "852"], perCountryADay: 2 })
    const hongKong = await times(5, index => harness.ask(`+8529123456${index}`))
    expect(hongKong.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(code(await harness.ask(alice))).toEqual([200])
  })

  test("a challenge is judged before anything is sent", async () => {
    const seen: unknown[] = []
    harness = await startSmsHarness({
      challenge: async (challenge, facts) => {
        seen.push([challenge, facts])
        if (challenge === "broken") throw new Error(challenge)
        return challenge === "good"
      },
    })
    const ask = (challenge?: string) =>
      harness.send("POST", "/sms", {
        body: { phone: alice, purpose: "login", ...(challenge !== undefined && { challenge }) },
      })
    expect(code(await ask())).toEqual([403, "challenge_required"])
    expect(code(await ask("bad"))).toEqual([403, "challenge_invalid"])
    expect(code(await ask("broken"))).toEqual([503, "sms_unsent"])
    expect(harness.sent).toEqual([])
    expect(code(await ask("good"))).toEqual([200])
    expect(seen.at(-1)).toEqual(["good", { address: "203.0.113.7" }])
  })
})

describe("what could not be sent", () => {
  test("is 503, is not kept, and costs nobody but the address", async () => {
    let isDown = true
    let handed: string | undefined
    harness = await startSmsHarness({
      perDay: 1,
      perNumberAnHour: 1,
      perAddressAnHour: 4,
      send: async message => {
        handed = message.code
        if (isDown) throw new SmsError("LimitExceeded.PhoneNumberDailyLimit")
      },
    })
    for (let tries = 0; tries < 3; tries += 1) {
      const answer = await harness.ask(alice)
      expect([code(answer), answer.headers.get("retry-after")]).toEqual([[503, "sms_unsent"], "5"])
    }
    expect(harness.heard.at(-1)).toContain("LimitExceeded.PhoneNumberDailyLimit")
    isDown = false
    const answer = await harness.ask(alice)
    expect(code(answer)).toEqual([200])
    const digits = { sms_id: answer.body.sms_id, code: handed ?? "" }
    expect(code(await harness.logInBy(digits))).toEqual([200])
    expect(code(await harness.ask(phone(1)))).toEqual([429, "rate_limited"])
  })

  test("nobody waits for a sender that says nothing", async () => {
    let aborted = false
    harness = await startSmsHarness({
      send: (_, signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            aborted = true
          })
        }),
    })
    const begin = performance.now()
    expect(code(await harness.ask(alice))).toEqual([503, "sms_unsent"])
    expect(performance.now() - begin).toBeLessThan(8_000)
    expect(aborted).toBe(true)
  }, 15_000)
})

describe("nothing tells", () => {
  test("whether a number is known: the answer is the same but for its random id", async () => {
    harness = await startSmsHarness()
    await harness.logInBySms(alice)
    harness.advance(61 * minute)
    const shape = async (number: string, purpose: string) => {
      const { status, headers, body } = await harness.ask(number, { purpose })
      const { sms_id: id, ...rest } = body
      const kept = [...headers].filter(([name]) => name !== "x-request-id")
      return { status, kept, rest, length: id.length }
    }
    expect(await shape(alice, "login")).toEqual(await shape(phone(1), "login"))
    harness.advance(61 * minute)
    expect(await shape(alice, "reset")).toEqual(await shape(phone(1), "reset"))
  })

  test("whether a number is known: the store is asked the same, in the same order", async () => {
    const asked: string[] = []
    const store = new Proxy(createMemoryStore(), {
      get: (target, name: keyof Store) => {
        const member = target[name]
        if (typeof member !== "function") return member
        return (...given: never[]) => {
          asked.push(name)
          return (member as (...given: never[]) => unknown)(...given)
        }
      },
    })
    harness = await startSmsHarness({}, { store })
    await harness.logInBySms(alice)
    harness.advance(61 * minute)
    const during = async (work: () => Promise<unknown>) => {
      asked.length = 0
      await work()
      return [...asked]
    }
    for (const purpose of ["login", "reset"]) {
      const known = await during(() => harness.ask(alice, { purpose }))
      expect([purpose, known]).toEqual([purpose, ["keepSms"]])
      expect(await during(() => harness.ask(phone(purpose.length), { purpose }))).toEqual(known)
      harness.advance(61 * minute)
    }
    const [known, unknown] = [await harness.take(alice), await harness.take(phone(9))]
    const tried = await during(() => harness.logInBy(wrong(known)))
    expect(await during(() => harness.logInBy(wrong(unknown)))).toEqual(tried)
    expect(tried).toEqual(["logInBySms"])
  })

  test("no digits and no full number stand in a log, an event or an error", async () => {
    let isDown = false
    const numbers: string[] = []
    const codes: string[] = []
    harness = await startSmsHarness({
      send: async ({ phone: number, nationalNumber, code: digits }) => {
        numbers.push(number, nationalNumber)
        codes.push(digits)
        // As a careless sender would: everything in its message.
        if (isDown) throw new Error(`can't send ${digits} to ${number}`)
      },
      challenge: given => {
        if (given === "broken") throw new Error(`${given} ${alice}`)
        return true
      },
    })
    const answers: string[] = []
    const send = async (path: string, body: object, token?: string) => {
      const answer = await harness.send("POST", path, { body, ...(token !== undefined && { token }) })
      answers.push(answer.text)
      return answer
    }
    const ask = (purpose: string, challenge: string, token?: string) =>
      send("/sms", { phone: alice, purpose, challenge }, token)
    const { access_token: token } = await harness.logIn("alice")
    await ask("login", "broken")
    isDown = true
    await ask("login", "good")
    isDown = false
    const login = (await ask("login", "good")).body.sms_id
    await send("/login/sms", { sms_id: login, code: codes.at(-1) === "000000" ? "000001" : "000000" })
    await send("/login/sms", { sms_id: login, code: codes.at(-1) })
    await send("/login/sms", { sms_id: login, code: codes.at(-1) })
    await ask("login", "good")
    harness.advance(minute)
    const binding = (await ask("bind", "good", token)).body.sms_id
    await send("/me/phone", { sms_id: binding, code: codes.at(-1) }, token)
    await send("/me/phone", { sms_id: binding, code: codes.at(-1) }, token)
    const told = [...harness.logged, ...harness.heard, ...answers.filter(text => text.includes('"type"'))]
    expect(told.length).toBeGreaterThan(10)
    for (const text of told)
      for (const secret of [...numbers, ...codes, login, binding]) expect(text).not.toContain(secret)
    const events = await harness.login.audit.list((await harness.login.verify(token)).userId)
    expect(JSON.stringify(events)).not.toContain("13800138000")
  })
})
