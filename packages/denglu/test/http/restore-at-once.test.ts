import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, describe, expect, test } from "vitest"
import type { Answer } from "../support/harness.ts"
import { type PasswordHarness, passwordHarness } from "../support/password-harness.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-restore-"))
afterAll(() => rmSync(folder, { recursive: true }))

let harness: PasswordHarness
afterEach(() => harness.close())

const six = (logIn: () => Promise<Answer>) => Promise.all(Array.from({ length: 6 }, logIn))

describe.each([
  ["memory", "memory:"],
  ["SQLite", `sqlite:${join(folder, "login.db")}`],
])("of six logins at once that bring an account back each is let in, on %s", (_engine, store) => {
  test.each([
    [
      "by a code",
      async () => {
        const { user } = await harness.logIn("ming")
        return {
          userId: user.id,
          again: () =>
            harness.send("POST", "/login", { body: { code: harness.code("ming"), restore: true } }),
        }
      },
    ],
    [
      "by a password",
      async () => {
        const { body } = await harness.register()
        return { userId: body.user.id as string, again: () => harness.logInWith({ restore: true }) }
      },
    ],
  ])("%s", async (_way, join) => {
    harness = await passwordHarness({ store })
    const restored: string[] = []
    harness.login.on("user.restored", ({ userId }) => restored.push(userId))
    const { userId, again } = await join()
    await harness.login.users.delete(userId)
    const answers = await six(again)
    expect(answers.map(({ status, body }) => [status, body.user?.id])).toEqual(
      answers.map(() => [200, userId]),
    )
    expect(restored).toEqual([userId])
  })
})
