import { createSimulator } from "@denglu/simulator"
import { createLogin, type Login, type SmsMessage } from "denglu"
import { afterAll, describe, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"

const engines = [
  { name: "PostgreSQL", fresh: freshPostgres, isThere: await hasPostgres(), needs: postgresNeed },
  { name: "MySQL", fresh: freshMysql, isThere: await hasMysql(), needs: mysqlNeed },
]
afterAll(dropPostgres)
afterAll(dropMysql)

describe.each(engines)("three instances on $name", ({ fresh, isThere, needs }) => {
  test("send no more than is allowed, let nobody guess more often, and open one session", {
    timeout: 60_000,
  }, async context => {
    need(context, isThere, needs)
    const simulator = createSimulator()
    const store = await fresh()
    const sent: SmsMessage[] = []
    const open = () =>
      createLogin({
        apps: simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
        store,
        secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-sms-instances",
        sms: { send: async message => void sent.push(message), perDay: 10, perAddressAnHour: 40 },
        limits: false,
        wechat: { simulator: "http://127.0.0.1:3001", fetch: request => simulator.fetch(request) },
      })
    const all = [await open(), await open(), await open()] as const
    const ask = async (login: Login, path: string, body: object) => {
      const request = new Request(`http://login.test${path}`, { method: "POST", body: JSON.stringify(body) })
      const response = await login.fetch(request, { address: "203.0.113.7" })
      return { status: response.status, body: await response.json() }
    }
    const everywhere = (count: number, path: string, body: (index: number) => object) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => ask(all[index % 3] as Login, path, body(index))),
      )
    const good = (answers: readonly { readonly status: number }[]) =>
      answers.filter(({ status }) => status === 200).length
    try {
      const same = await everywhere(12, "/sms", () => ({ phone: "13800138000", purpose: "login" }))
      expect(good(same)).toBe(1)
      const digits = {
        sms_id: same.find(({ status }) => status === 200)?.body.sms_id,
        code: sent[0]?.code ?? "",
      }
      const others = await everywhere(24, "/sms", index => ({
        phone: `139001390${10 + index}`,
        purpose: "login",
      }))
      expect(good(others)).toBe(9)
      expect(sent).toHaveLength(10)
      const rest = await everywhere(9, "/sms", () => ({ phone: "13700137000", purpose: "login" }))
      expect(rest.map(({ status }) => status)).toEqual(rest.map(() => 429))

      const logins = await everywhere(30, "/login/sms", () => digits)
      expect(good(logins)).toBe(1)
      const guessed = others.findIndex(({ status }) => status === 200)
      const { sms_id } = others[guessed]?.body ?? {}
      const right = sent.find(({ phone }) => phone === `+86139001390${10 + guessed}`)?.code ?? ""
      const wrong = (index: number) => String((Number(right) + 1 + index) % 1_000_000).padStart(6, "0")
      await everywhere(30, "/login/sms", index => ({ sms_id, code: wrong(index) }))
      expect((await ask(all[0], "/login/sms", { sms_id, code: right })).body.code).toBe("sms_code_invalid")
    } finally {
      for (const login of all) await login.close()
    }
  })
})
