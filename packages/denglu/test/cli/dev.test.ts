import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { type LoggedIn, startDev } from "./dev-server.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

/** The requests that the printed `curl` lines make; what is piped into one is `-`. */
function printedRequests(output: string) {
  return [...output.matchAll(/curl -s (\S+)(?: -d ('[^']*'|@-))?(?: -H '([^']*)')?/g)].map(
    ([, url = "", data, header]) => ({ url: `http://${url}`, data: data?.replaceAll("'", ""), header }),
  )
}

/** As curl does it: `-d` is a POST with the type of an HTML form. */
async function curl(request: { readonly url: string; readonly header?: string | undefined }, data?: string) {
  const answer = await fetch(request.url, {
    headers: {
      ...(data === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...(request.header === undefined ? {} : { authorization: request.header.replace(/^.*?: /, "") }),
    },
    ...(data === undefined ? {} : { method: "POST", body: data }),
  })
  return { status: answer.status, text: await answer.text() }
}

function isOpen(url: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1")
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false))
    socket.once("connect", () => socket.destroy())
  })
}

async function takenPort(): Promise<{ readonly port: number; readonly [Symbol.dispose]: () => void }> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.dispose]: () => server.close() }
}

describe("denglu dev", () => {
  test("the printed curl lines work as they stand", async () => {
    const dev = await startDev(bench, bench.folder())
    const [code, login, me, faults, all] = printedRequests(dev.run.output())
    if (!code || !login || !me || !faults || !all) throw new Error("there are fewer curl lines")

    const { text: codeText } = await curl(code, code.data)
    expect(login.data).toBe("@-")
    const loggedIn = await curl(login, codeText)
    expect(loggedIn.status).toBe(200)
    const { access_token, user } = JSON.parse(loggedIn.text) as LoggedIn
    const asked = await curl({ ...me, header: me.header?.replace("<access_token>", access_token) })
    expect(asked.status).toBe(200)
    expect(JSON.parse(asked.text)).toMatchObject({ id: user.id })
    expect((await curl(faults, faults.data)).status).toBeLessThan(300)
    expect((await curl(login, (await curl(code, code.data)).text)).status).toBeGreaterThanOrEqual(400)
    expect(await curl(all)).toMatchObject({ status: 200, text: expect.stringContaining("faults") })
  })

  test("its shop has orders for who is logged in, in their language, and nothing else", async () => {
    const dev = await startDev(bench, bench.folder())
    const { access_token } = await dev.logIn("alice")
    const ask = async (path: string, headers: Readonly<Record<string, string>>) => {
      const answer = await fetch(`${dev.login}${path}`, { headers })
      return { status: answer.status, text: await answer.text() }
    }
    const authorization = `Bearer ${access_token}`
    const orders = await ask("/orders", { authorization, "accept-language": "en" })
    expect(orders).toMatchObject({ status: 200, text: expect.stringContaining("Coffee beans") })
    const chinese = await ask("/orders?page=1", { authorization, "accept-language": "zh-CN" })
    expect(chinese).toMatchObject({ status: 200, text: expect.stringContaining("手冲咖啡豆") })
    expect(await ask("/orders", {})).toMatchObject({
      status: 401,
      text: expect.stringContaining("token_missing"),
    })
    const unknown = await fetch(`${dev.login}/order`, { headers: { "accept-language": "en" } })
    expect(unknown.headers.get("content-type")).toContain("application/problem+json")
    expect(unknown.headers.get("x-request-id")).not.toBeNull()
    expect(await unknown.json()).toMatchObject({
      code: "not_found",
      status: 404,
      title: "There is nothing here",
    })
    const front = { "accept-language": "en" }
    expect(await ask("/", front)).toEqual({
      status: 200,
      text: `A login server. Its playground: ${dev.simulator}\n`,
    })
  })

  test("it tells what happens, without code, token or secret", async () => {
    const cwd = bench.folder()
    const dev = await startDev(bench, cwd)
    const loggedIn = await dev.logIn("alice")
    await dev.run.printed(/a code arrived for wxsim/)
    await dev.run.printed(/WeChat answered: openid, session_key/)
    await dev.run.printed(new RegExp(`new user ${loggedIn.user.id}`))
    await dev.run.printed(/is logged in, session /)
    const code = await dev.code("alice")
    await fetch(`${dev.login}/login`, { method: "POST", body: JSON.stringify({ code: `${code}x` }) })
    await dev.run.printed(/no login: /)
    const { output } = await dev.run.end("SIGINT")

    const { secret, app } = JSON.parse(readFileSync(join(cwd, ".denglu/dev.json"), "utf8"))
    const { access_token, refresh_token } = loggedIn
    for (const hidden of [code, access_token, refresh_token, secret, app.secret]) {
      expect(hidden).toEqual(expect.stringMatching(/^.{8,}$/))
      expect(output).not.toContain(hidden)
    }
  })

  test.each(["SIGINT", "SIGTERM"] as const)("%s stops it, good, and closes both ports", async signal => {
    const dev = await startDev(bench, bench.folder())
    expect(await Promise.all([isOpen(dev.login), isOpen(dev.simulator)])).toEqual([true, true])
    const { code, stdout, stderr } = await dev.run.end(signal)
    expect(code).toBe(0)
    expect(stdout).toMatch(/Stopped\.\n$/)
    expect(stderr).toBe("")
    expect(await Promise.all([isOpen(dev.login), isOpen(dev.simulator)])).toEqual([false, false])
  })

  test("what it keeps is for this user's eyes and not for git", async () => {
    const cwd = bench.folder()
    const dev = await startDev(bench, cwd)
    expect(readFileSync(join(cwd, ".denglu/.gitignore"), "utf8")).toBe("*\n")
    expect(statSync(join(cwd, ".denglu/dev.json")).mode & 0o777).toBe(0o600)
    expect(dev.run.output()).toMatch(/data +\.denglu\//)
  })

  test("after a restart a person is the same user, and the tokens are still good", async () => {
    const cwd = bench.folder()
    const before = await startDev(bench, cwd)
    const first = await before.logIn("alice")
    expect((await before.run.end("SIGINT")).code).toBe(0)

    const after = await startDev(bench, cwd)
    expect(await after.me(first.access_token)).toBe(200)
    const second = await after.logIn("alice")
    expect(second.user.id).toBe(first.user.id)
    expect((await after.logIn("bob")).user.id).not.toBe(first.user.id)
    expect(statSync(join(cwd, ".denglu/dev.json")).mode & 0o777).toBe(0o600)
  })

  test("a second one in the same folder is refused, and the first goes on", async () => {
    const cwd = bench.folder()
    const dev = await startDev(bench, cwd)
    const second = await runCli(["dev", "--port", "0", "--simulator-port", "0"], { cwd })
    expect(second.code).toBe(1)
    expect(second.stderr).toContain("another login server is using")
    expect(second.stderr).not.toMatch(/ {4}at |unexpectedly/)
    expect((await dev.logIn("alice")).user.is_new).toBe(true)
  })

  test.each([
    { flag: "--port", other: "--simulator-port" },
    { flag: "--simulator-port", other: "--port" },
  ])("a taken $flag is named, with the flag that takes another", async ({ flag, other }) => {
    using taken = await takenPort()
    const args = ["dev", flag, String(taken.port), other, "0"]
    const { code, stderr } = await runCli(args, { cwd: bench.folder() })
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`Port ${taken.port} .*[ :]${flag} \\d+`))
    expect(stderr).not.toContain("    at ")
  })

  test.each([
    { by: "itself", env: {}, says: ": --port 1000 --simulator-port" },
    {
      by: "npm start",
      env: { npm_lifecycle_event: "start", npm_config_user_agent: "npm/11.0.0 node/v24.0.0" },
      says: ": npm start -- --port 1000 --simulator-port",
    },
    {
      by: "npm run",
      env: { npm_lifecycle_event: "login", npm_config_user_agent: "npm/11.0.0 node/v24.0.0" },
      says: ": npm run login -- --port 1000 --simulator-port",
    },
    {
      by: "npx",
      env: { npm_lifecycle_event: "npx", npm_config_user_agent: "npm/11.0.0" },
      says: ": --port 1000",
    },
  ])("a second one, begun by $by, is told both flags as they have to be written", async ({ env, says }) => {
    using taken = await takenPort()
    const args = ["dev", "--port", "0", "--simulator-port", String(taken.port)]
    const { code, stderr } = await runCli(args, { cwd: bench.folder(), env })
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${says}`)])
  })

  test.each([
    { file: "dev.json", says: /dev\.json is damaged\. Delete the folder \.denglu\// },
    { file: "login.db", says: /database under \.denglu\/ can't be opened .*Delete the folder/ },
  ])("a damaged .denglu/$file is told how to begin afresh", async ({ file, says }) => {
    const cwd = bench.folder()
    const dev = await startDev(bench, cwd)
    await dev.run.end("SIGINT")
    rmSync(join(cwd, ".denglu/login.db-wal"), { force: true })
    writeFileSync(join(cwd, ".denglu", file), "{".repeat(100))
    const { code, stderr } = await runCli(["dev", "--port", "0", "--simulator-port", "0"], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(says)
  })

  test("a folder that can't be written is told before anything starts", async () => {
    const cwd = bench.folder()
    // Root may write everywhere, but in no folder that is a file.
    writeFileSync(join(cwd, ".denglu"), "")
    const { code, stdout, stderr } = await runCli(["dev", "--port", "0", "--simulator-port", "0"], { cwd })
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/\.denglu can't be written \(EEXIST\)\. Run it in a folder of your own/)
  })

  test("a database that can't be written any more is told before anything starts", async context => {
    if (process.getuid?.() === 0) context.skip("root may write everywhere")
    const cwd = bench.folder()
    const dev = await startDev(bench, cwd)
    await dev.run.end("SIGINT")
    chmodSync(join(cwd, ".denglu/login.db"), 0o400)
    const { code, stdout, stderr } = await runCli(["dev", "--port", "0", "--simulator-port", "0"], { cwd })
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/\.denglu can't be written \(EACCES\)/)
  })

  test("--open opens the playground's address in the person's browser", async context => {
    need(context, process.platform === "linux", "Linux, where a browser is opened by xdg-open")
    const cwd = bench.folder()
    writeFileSync(join(cwd, "xdg-open"), '#!/bin/sh\necho "$1" > "$HOME/opened"\n', { mode: 0o755 })
    const dev = await startDev(bench, cwd, { args: ["--open"], env: { PATH: `${cwd}:${process.env.PATH}` } })
    const opened = () => existsSync(join(cwd, "opened")) && readFileSync(join(cwd, "opened"), "utf8").trim()
    await expect.poll(opened, { timeout: 10_000 }).toBe(dev.simulator)
  })
})
