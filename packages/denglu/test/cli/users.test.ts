import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { logIn } from "../../src/store/contract/store-case.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import type { Store } from "../../src/store/store.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

const hour = 3_600_000

/** A store in a file, with two users who are one person, and the command line beside it. */
async function start() {
  const cwd = bench.folder()
  const env = { DENGLU_SECRET: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa", DENGLU_STORE: "sqlite:login.db" }
  const withStore = async <Result>(work: (store: Store) => Promise<Result>): Promise<Result> => {
    const store = await openSqliteStore({ path: join(cwd, "login.db") })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }
  const now = Date.now() - hour
  const [one, two] = await withStore(async store => {
    const first = await logIn(store, { now, appid: "shop", openid: "o-one", unionid: "u-one" })
    const second = await logIn(store, { now, appid: "club", openid: "o-two" })
    await logIn(store, { now, appid: "club", openid: "o-two", unionid: "u-one" })
    return [first.user.id, second.user.id]
  })
  return {
    one,
    two,
    withStore,
    run: (...args: readonly string[]) => runCli(["users", ...args], { cwd, env }),
  }
}

test("conflicts lists two users of one person; a merge ends it, and an undo brings it back", async () => {
  const { one, two, run, withStore } = await start()
  const listed = await run("conflicts")
  expect(listed).toMatchObject({ code: 0, stderr: "" })
  expect(listed.stdout).toMatch(new RegExp(`^${one} +${two} +u-one +default +club$`, "m"))
  expect(JSON.parse((await run("conflicts", "--json")).stdout)).toEqual([
    { user_id: one, other_user_id: two, unionid: "u-one", open_platform: "default", appid: "club" },
  ])

  const merged = await run("merge", one, two, "--yes")
  expect(merged).toMatchObject({ code: 0, stderr: "" })
  expect(merged.stdout).toContain(`${two} becomes part of ${one}:`)
  expect(merged.stdout).toContain("identities in club move")
  expect(merged.stdout).toContain("live sessions that end: 2")
  expect((await run("conflicts")).stdout).toContain("No unionid is two users'.")
  const id = /undo-merge (\S+)/.exec(merged.stdout)?.[1] ?? ""

  const shown = await run("show", two)
  expect(shown.stdout).toMatch(new RegExp(`^merged into it +${two}$`, "m"))
  expect(shown.stdout).toMatch(/^club +o-two +u-one +default$/m)
  expect(shown.stdout).toMatch(new RegExp(`^${id} +${one} +${two} `, "m"))
  expect(JSON.parse((await run("show", two, "--json")).stdout)).toMatchObject({ id: one, merged_ids: [two] })

  expect(await run("undo-merge", id, "--yes")).toMatchObject({ code: 0, stdout: "Undone.\n" })
  await withStore(async store => {
    expect((await store.findIdentity("club", "o-two"))?.userId).toBe(two)
    expect((await store.listMergesOf(one))[0]).toMatchObject({ id, actor: "operator" })
  })
  const again = await run("undo-merge", id, "--yes")
  expect(again).toMatchObject({ code: 1, stdout: "" })
  expect(again.stderr).toContain("undone before")
})

test("where nobody can be asked nothing is merged without --yes", async () => {
  const { one, two, run, withStore } = await start()
  const { code, stderr } = await run("merge", one, two)
  expect({ code, says: stderr }).toMatchObject({ code: 2, says: expect.stringContaining("--yes") })
  await withStore(async store => expect((await store.resolveUser(two))?.id).toBe(two))
})

test("what can't be merged, shown or undone says why", async () => {
  const { one, two, run } = await start()
  for (const [args, code, says] of [
    [["merge", one, one, "--yes"], 1, "Both are the same user."],
    [["merge", one, "nobody", "--yes"], 1, "There is no such user."],
    [["merge", one], 2, "denglu users merge SURVIVOR ABSORBED"],
    [["merge", one, two, "third"], 2, "an argument (5 characters) it does not take"],
    [["show"], 2, "denglu users show USER-ID"],
    [["show", "nobody"], 1, "There is no user nobody."],
    [["undo-merge"], 2, "MERGE-ID"],
    [["undo-merge", "nothing", "--yes"], 1, "There is no such merge."],
  ] as const) {
    const result = await run(...args)
    expect(result).toMatchObject({ code, stdout: "" })
    expect(result.stderr).toContain(says)
  }
})
