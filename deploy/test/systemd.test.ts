import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, type TestContext, test } from "vitest"
import { drain } from "../../packages/denglu/src/cli/start.ts"
import { hasCommand, need } from "../../scripts/need.ts"
import { read } from "../../scripts/repository.ts"
import { knownVariables } from "./known-settings.ts"

const text = read("deploy/systemd/denglu.service")
const folder = mkdtempSync(join(tmpdir(), "denglu-unit-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function all(name: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(match => match[1] ?? "")
}

/** Calls systemd-analyze on the unit, with this machine's Node in the place of the server's. */
function analyze(context: TestContext, ...args: readonly string[]) {
  need(context, hasCommand("systemd-analyze"), "the command systemd-analyze")
  const file = join(folder, "denglu.service")
  writeFileSync(file, text.replaceAll("/usr/bin/node", process.execPath))
  const { status, stdout, stderr } = spawnSync("systemd-analyze", [...args, file], { encoding: "utf8" })
  return { status, stdout, output: `${stdout}${stderr}` }
}

describe("denglu.service", () => {
  test("systemd has nothing to say against it", context => {
    const { status, output } = analyze(context, "verify", "--recursive-errors=no")
    expect([status, output]).toEqual([0, ""])
  })

  test("systemd finds it little exposed: 2 of 10 at most", context => {
    const { status, output } = analyze(context, "security", "--offline=true", "--threshold=20", "--no-pager")
    expect(output).toMatch(/Overall exposure level for denglu.service: [01]\.\d/)
    expect(status).toBe(0)
  })

  test("it has the time to drain before it is killed", () => {
    expect(Number(all("TimeoutStopSec")[0]) * 1000).toBeGreaterThan(drain.atMost + 2_000)
  })

  test("the credentials it loads are the files its configuration reads", () => {
    const config = read("deploy/denglu.config.mjs")
    const names = all("(?:# )?LoadCredential").map(value => value.split(":")[0])
    expect(names).toEqual(["wechat_secret", "denglu_secret", "denglu_store"])
    for (const name of names) expect(config).toContain(`read("${name}")`)
  })

  test("its variables are ones that Denglu knows, none is a secret, and the database is where it may write", () => {
    const [settings = ""] = all("Environment")
    const pairs = new Map(settings.split(" ").map(pair => pair.split("=") as [string, string]))
    expect([...pairs.keys()].filter(name => !knownVariables.includes(name))).toEqual([])
    expect(settings).not.toContain("SECRET")
    expect(pairs.get("DENGLU_STORE")).toBe(`sqlite:/var/lib/${all("StateDirectory")[0]}/login.db`)
  })
})
