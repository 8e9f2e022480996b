import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { logIn, times } from "../../src/store/contract/store-case.ts"
import { migrateStore } from "../../src/store/migrate-store.ts"
import { openStore } from "../../src/store/open-store.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"
import { endBystanders, schemaEngines } from "../support/schema-engines.ts"
import { createBench } from "./run-cli.ts"

const bench = createBench()
afterAll(async () => {
  await bench.close()
  await endBystanders()
  await dropPostgres()
})

/** Whoever writes sessions waits as long as there is a gate. */
const gate = `
CREATE TABLE gate ();
INSERT INTO gate DEFAULT VALUES;
CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER wait BEFORE INSERT ON denglu_sessions FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate()`

const waiting = `SELECT count(*)::integer AS count FROM pg_locks
  WHERE relation = 'denglu_sessions'::regclass AND mode = 'RowExclusiveLock' AND granted`

test("Ctrl-C ends a copy after its step, says how to go on, and the same words complete it", {
  timeout: 60_000,
}, async context => {
  need(context, await hasPostgres(), postgresNeed)
  const cwd = bench.folder()
  const from = `sqlite:${join(cwd, "login.db")}`
  const store = await openStore(from)
  await times(50, () => logIn(store))
  await store.close()
  const to = await freshPostgres()
  await migrateStore(to, false)
  const [postgres] = schemaEngines as [(typeof schemaEngines)[0]]
  const bystander = await postgres.connect(to)
  await bystander.ask(gate)
  const args = ["copy", "--from", from, "--to", "env:TARGET"]
  const where = { cwd, env: { TARGET: to } }

  const run = bench.start(args, where)
  const isWaiting = async () => (await bystander.ask(waiting))[0]?.count
  await expect.poll(isWaiting, { timeout: 30_000, interval: 10 }).toBe(1)
  run.process.kill("SIGINT")
  await bystander.ask("DELETE FROM gate")
  const stopped = await run.ended
  expect(stopped).toMatchObject({ code: 130, stdout: "" })
  // 50 users, identities and sessions.
  expect(stopped.stderr).toContain("Stopped after 150 rows. Call it again with the same words to go on.")

  const completed = await bench.start(args, where).ended
  expect(completed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/rows copied \(150 before\) and each compared/),
  })
  expect((await bystander.ask("SELECT count(*)::integer AS count FROM denglu_sessions"))[0]).toEqual({
    count: 50,
  })
  await bystander.end()

  const again = await bench.start(args, where).ended
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/This copy was finished at 20\S+Z: \d+ rows.*Nothing is left to do/),
  })
  const chinese = await bench.start([...args, "--lang", "zh"], where).ended
  expect(chinese).toMatchObject({ code: 0, stdout: expect.stringMatching(/此复制已于 20\S+Z 完成/) })
  const json = await bench.start([...args, "--json"], where).ended
  expect(JSON.parse(json.stdout)).toMatchObject({
    finished: true,
    finished_before: expect.stringMatching(/Z$/),
  })

  const other = join(cwd, "other.db")
  await (await openStore(`sqlite:${other}`)).close()
  const taken = await bench.start(
    ["copy", "--from", `sqlite:${other}`, "--to", "env:TARGET", "--lang", "zh"],
    where,
  ).ended
  expect(taken).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("无法复制：目标中已有 users 数据，请复制到空数据库。"),
  })
})

test("why nothing can be copied is said in both languages, and for who copies", async () => {
  const cwd = bench.folder()
  const inUse = await openStore(`sqlite:${join(cwd, "in-use.db")}`)
  const to = "postgres://login@127.0.0.1:1/login"
  const cases = [
    [
      "sqlite:./in-use.db",
      to,
      1,
      /using \S+in-use\.db: stop it first, or copy a backup/,
      /正在使用 \S+in-use\.db：请先停止/,
    ],
    [
      "sqlite:./nowhere.db",
      to,
      1,
      /there is no file \.\/nowhere\.db/,
      /无法复制：来源文件 \.\/nowhere\.db 不存在。/,
    ],
    ["memory:", to, 2, /--from is a database/, /--from 应为数据库/],
  ] as const
  for (const [from, to, code, en, zh] of cases)
    for (const [lang, says] of [
      ["en", en],
      ["zh", zh],
    ] as const) {
      const run = await bench.start(["copy", "--from", from, "--to", to, "--lang", lang], { cwd }).ended
      expect(run).toMatchObject({ code, stderr: expect.stringMatching(says) })
      expect(run.stderr).not.toContain("a file of its own")
    }
  await inUse.close()
})
