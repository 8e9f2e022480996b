import { afterAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { createBench, runCli } from "../cli/run-cli.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"

const bench = createBench()
afterAll(async () => {
  await bench.close()
  await dropPostgres()
})

interface ShownKey {
  readonly kid: string
  readonly status: string
  readonly status_since: string
}

test("a key that is rotated away on a machine whose clock is behind counts by the database's time", async context => {
  need(context, await hasPostgres(), postgresNeed)
  const env = {
    WECHAT_APPID: "wx0123456789abcdef",
    WECHAT_SECRET: "0".repeat(32),
    DENGLU_SECRET: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa",
    DENGLU_STORE: await freshPostgres(),
  }
  const hoursBehind = "const real = Date.now; Date.now = () => real() - 7_200_000"
  const slow = { ...env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hoursBehind)}` }
  const keys = async (command: string, variables: Readonly<Record<string, string>>) => {
    const { code, stdout, output } = await runCli(["keys", command, "--json"], {
      cwd: bench.folder(),
      env: variables,
    })
    expect(code, output).toBe(0)
    return JSON.parse(stdout) as readonly ShownKey[]
  }
  const signing = (await keys("rotate", env)).find(({ status }) => status === "current")
  const before = Date.now()
  const outgoing = (await keys("rotate", slow)).find(({ kid }) => kid === signing?.kid)
  expect(outgoing?.status).toBe("previous")
  expect(Date.parse(outgoing?.status_since ?? "")).toBeGreaterThan(before - 60_000)
})
