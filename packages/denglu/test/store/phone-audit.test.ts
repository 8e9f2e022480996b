import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, expect, test } from "vitest"
import { logIn, start } from "../../src/store/contract/store-case.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-phone-audit-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("each change of a phone number is recorded once, without the number; what changed nothing is not", async () => {
  const path = join(folder, "login.db")
  const store = await openSqliteStore({ path })
  const [alice, bob] = [(await logIn(store)).user.id, (await logIn(store)).user.id]
  const phone = { countryCode: "86", appid: "wxsim0000000000001", proof: "" }
  const bind = (userId: string, number: string, at: number) =>
    store.bindPhone({ userId, eventId: `event ${at}`, phone: number, verifiedAt: start + at, ...phone })
  const unbind = (userId: string, at: number) =>
    store.unbindPhone({ userId, now: start + at, actor: "wechat", eventId: `event ${at}` })
  await bind(alice, "+8613800138000", 1)
  await bind(alice, "+8613800138000", 2)
  await bind(bob, "+8613800138000", 3)
  await bind(alice, "+8613900139000", 4)
  await bind("nobody", "+8613700137000", 5)
  await unbind(bob, 6)
  await unbind(alice, 7)
  await unbind(alice, 8)
  await store.close()
  const database = new DatabaseSync(path)
  const rows = database
    .prepare(
      "SELECT user_id, at, id, type, appid, actor, detail FROM audit WHERE type LIKE 'phone.%' ORDER BY at",
    )
    .all()
  database.close()
  const bound = (at: number, outcome: string) => ({
    user_id: alice,
    at: start + at,
    id: `event ${at}`,
    type: "phone.bound",
    appid: phone.appid,
    actor: "user",
    detail: JSON.stringify({ outcome }),
  })
  expect(rows.map(row => ({ ...row }))).toEqual([
    bound(1, "bound"),
    bound(2, "renewed"),
    bound(4, "changed"),
    {
      user_id: alice,
      at: start + 7,
      id: "event 7",
      type: "phone.unbound",
      appid: null,
      actor: "wechat",
      detail: null,
    },
  ])
})
