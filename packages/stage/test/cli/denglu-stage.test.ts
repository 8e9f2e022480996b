import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { startStage } from "../../src/index.ts"
import { onePage, writeProject } from "../compile/write-project.ts"
import { openStage, serve } from "../server/serve.ts"
import { runStage } from "./run-stage.ts"

const isOpen = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

describe("denglu-stage", () => {
  test("--help says what there is, in the language of the terminal", async () => {
    const english = await runStage(["--help"]).end()
    expect([english.code, english.stderr]).toEqual([0, ""])
    for (const word of ["--port", "--user", "--wechat", "--allow", "--check", "It is not WeChat"])
      expect(english.stdout).toContain(word)
    expect((await runStage(["-h"], { LANG: "zh_CN.UTF-8" }).end()).stdout).toContain("它不是微信")
  })

  test("--version says the package's", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
    expect((await runStage(["--version"]).end()).stdout).toBe(`${version}\n`)
  })

  test.each([
    [["--prot", "1"], "--prot"],
    [["--port", "70000"], '--port takes a number from 0 to 65535, not "70000"'],
    [["--user", ""], "--user takes a name"],
    [["--wechat", "https://api.weixin.qq.com"], "--wechat takes"],
    [["--allow", "api.example.com"], "--allow takes an origin"],
    [["one", "two"], "One folder at a time"],
  ])("called wrongly, as with %j, it says how, with exit code 2", async (words, says) => {
    const { code, stdout, stderr } = await runStage(words).end()
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(says)
    expect(stderr).not.toContain("    at ")
  })

  test("a folder that is not there, or holds no mini program, is exit code 1", async () => {
    const empty = writeProject({ "readme.md": "nothing" })
    expect(await runStage([`${empty}/none`]).end()).toMatchObject({
      code: 1,
      stderr: `There is no folder ${empty}/none.\n`,
    })
    const { code, stderr } = await runStage([empty, "--port", "0"]).end()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^No app\.json in .*\. Name the folder that app\.json is in.*\n$/)
  })

  test("a port that is taken is exit code 1, and says which way out", async () => {
    const { port } = new URL(await serve((_, res) => void res.end()))
    const { code, stderr } = await runStage([writeProject(onePage), "--port", port, "--wechat", "own"]).end()
    expect([code, stderr]).toEqual([1, "The port is taken. Take another one: --port 3102\n"])
  })

  test("--check compiles and leaves: 0 if all is well, 1 with every mistake and its place", async () => {
    const good = await runStage([writeProject(onePage), "--check"]).end()
    expect(good).toMatchObject({ code: 0, stderr: "" })
    expect(good.stdout).toMatch(/^Compiled 1 pages and 0 components in \d+ ms\.\n$/)
    const broken = writeProject({ ...onePage, "pages/a/a.js": "Page({\n  data: { ]\n})\n" })
    const bad = await runStage([broken, "--check"]).end()
    expect(bad.code).toBe(1)
    expect(bad.stdout).toMatch(/^error pages\/a\/a\.js:2:11 .*\n {2}2 \| {3}data: \{ \]\n {16}\^$/m)
  })

  test.each(["SIGINT", "SIGTERM"] as const)("%s stops it, good, and closes its port", async signal => {
    const run = runStage([writeProject(onePage), "--port", "0", "--wechat", "own"])
    const [, url = ""] = await run.printed(/^ {2}(http:\/\/127\.0\.0\.1:\d+)$/m)
    await run.printed(/Ctrl-C stops\./)
    expect(await isOpen(url)).toBe(true)
    // An open page listens for changes, and must not keep it from ending.
    const events = await fetch(`${url}/phone/events`)
    const { code, stdout, stderr } = await run.end(signal)
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toMatch(/Stopped\.\n$/)
    expect(await isOpen(url)).toBe(false)
    await events.body?.cancel().catch(() => {})
  })

  test("it says where codes come from: its own simulated WeChat, or the one that was named", async () => {
    const root = writeProject(onePage)
    const own = runStage([root, "--port", "0", "--wechat", "own"])
    const [, url = ""] = await own.printed(/address {2}(\S+)\n.*appid {4}wxsim0000000000001\n/)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)

    const wechat = await startStage({ root, port: 0 })
    const named = runStage([root, "--port", "0", "--wechat", wechat.url])
    await named.printed(new RegExp(`Codes come from the simulated WeChat at ${wechat.url}\\.`))
    await wechat.close()
    const gone = await runStage([root, "--port", "0", "--wechat", wechat.url]).end()
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining("npx denglu dev") })
  })

  test("another machine is asked only if it was allowed", async () => {
    const run = runStage([
      writeProject(onePage),
      "--port",
      "0",
      "--wechat",
      "own",
      "--allow",
      "https://api.example.com/v1",
    ])
    const [, url = ""] = await run.printed(/^ {2}(http:\/\/127\.0\.0\.1:\d+)$/m)
    await run.printed(/Ctrl-C stops\./)
    const ask = async (target: string) => {
      const headers = { "x-relay-method": "GET", "x-relay-url": target, "x-relay-headers": "%7B%7D" }
      return (await fetch(`${url}/phone/relay`, { method: "POST", headers })).text()
    }
    expect(await ask("http://api.example.com/")).toContain(
      "start the stage with --allow http://api.example.com",
    )
  })
})

test("the stage's server ends at once, however many pages are open", async () => {
  const { url, close } = await openStage()
  const open = await Promise.all([1, 2, 3].map(() => fetch(`${url}/phone/events`)))
  await close()
  expect(await isOpen(url)).toBe(false)
  for (const { body } of open) await body?.cancel().catch(() => {})
})
