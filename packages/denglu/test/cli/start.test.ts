import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { join } from "node:path"
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
import { createBench, type Running } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

const appSecret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
const secret = "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa"
const good = { WECHAT_APPID: "wx0123456789abcdef", WECHAT_SECRET: appSecret, DENGLU_SECRET: secret }

function start(cwd: string, args: readonly string[] = ["--port", "0"], env: Record<string, string> = {}) {
  return bench.start(["start", ...args], {
    cwd,
    env: { ...good, DENGLU_STORE: `sqlite:${join(cwd, "login.db")}`, ...env },
  })
}

async function listening(server: Running): Promise<string> {
  const [, url = ""] = await server.printed(/listening on (http:[^"]+)/)
  return url
}

async function get(url: string) {
  const answer = await fetch(url)
  return { status: answer.status, text: await answer.text() }
}

/** A request on a connection of its own, so that it can be told when the server has it. */
async function rawGet(url: string, path: string): Promise<{ readonly socket: Socket; read(): string }> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1")
  let text = ""
  socket.setEncoding("utf8").on("data", chunk => {
    text += chunk
  })
  socket.on("error", () => {})
  await once(socket, "connect")
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  return { socket, read: () => text }
}

async function cursorOf(url: string): Promise<string> {
  const { text } = await get(`${url}/.well-known/revocations`)
  return (JSON.parse(text) as { readonly cursor: string }).cursor
}

describe("denglu start", () => {
  test("it logs JSON lines, answers that it is well, and tells no secret", async () => {
    const server = start(bench.folder())
    const url = await listening(server)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await get(`${url}/healthz`)).status).toBe(200)
    expect((await get(`${url}/readyz`)).status).toBe(200)
    expect((await get(`${url}/.well-known/jwks.json`)).text).toContain("Ed25519")
    const { code, stdout, stderr, output } = await server.end()

    expect(code).toBe(0)
    expect(stderr).toBe("")
    const lines = stdout
      .trim()
      .split("\n")
      .map(line => JSON.parse(line) as { readonly msg: string; readonly url?: string })
    expect(lines[0]).toMatchObject({ msg: `listening on ${url}`, url })
    expect(lines.at(-1)).toMatchObject({ msg: "stopped", finished: true })
    for (const hidden of [appSecret, secret]) expect(output).not.toContain(hidden)
  })

  test.each(["SIGTERM", "SIGINT"] as const)("%s ends an idle server at once, with 0", async signal => {
    const server = start(bench.folder())
    const url = await listening(server)
    // fetch keeps this connection open; an idle one must not hold the server back.
    await get(`${url}/healthz`)
    const before = performance.now()
    expect((await server.end(signal)).code).toBe(0)
    expect(performance.now() - before).toBeLessThan(3_000)
  })

  test("on SIGTERM it says that it is not ready, lets long polls go, and is gone soon after", async () => {
    const server = start(bench.folder())
    const url = await listening(server)
    const cursor = await cursorOf(url)
    const poll = await rawGet(url, `/.well-known/revocations?since=${cursor}&wait=20`)
    expect((await get(`${url}/readyz`)).status).toBe(200)
    expect(poll.read()).toBe("")

    const before = performance.now()
    server.process.kill("SIGTERM")
    await server.printed(/stopping: finishing what is under way/)
    // A load balancer asks on connections old and new; both must hear it before the port is closed.
    expect((await get(`${url}/readyz`)).status).toBe(503)
    expect((await get(`${url}/healthz`)).status).toBe(200)
    const { code, output } = await server.ended
    expect(code).toBe(0)
    expect(performance.now() - before).toBeLessThan(4_000)
    expect(poll.read()).toContain("HTTP/1.1 200")
    expect(output).toMatch(/"finished":true/)
    await expect(fetch(`${url}/readyz`)).rejects.toThrow()
    poll.socket.destroy()
  })

  test("a request that hangs is cut off after 10 s", async () => {
    const server = start(bench.folder())
    const url = await listening(server)
    const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {})
    await once(socket, "connect")
    socket.write("POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{")
    await get(`${url}/healthz`)
    const before = performance.now()
    server.process.kill("SIGTERM")
    const { code, output } = await server.ended
    expect(code).toBe(0)
    expect(performance.now() - before).toBeGreaterThan(5_000)
    expect(performance.now() - before).toBeLessThan(11_500)
    expect(output).toContain("stopped")
    socket.destroy()
  })

  test("a second signal ends it at once", async () => {
    const server = start(bench.folder())
    const url = await listening(server)
    const poll = await rawGet(url, `/.well-known/revocations?since=${await cursorOf(url)}&wait=20`)
    server.process.kill("SIGTERM")
    await server.printed(/stopping/)
    const before = performance.now()
    expect((await server.end("SIGTERM")).code).toBe(143)
    expect(performance.now() - before).toBeLessThan(2_000)
    poll.socket.destroy()
  })

  test("a second server on the same store file is refused, and the first goes on", async () => {
    const cwd = bench.folder()
    const first = start(cwd)
    const url = await listening(first)
    const { code, stderr, output } = await start(cwd).ended
    expect(code).toBe(1)
    expect(stderr).toContain("The store can't be opened. another login server is using")
    expect(stderr).toContain("stop that one first")
    expect(output).not.toMatch(/ {4}at |unexpectedly/)
    for (const hidden of [appSecret, secret]) expect(output).not.toContain(hidden)
    expect((await get(`${url}/readyz`)).status).toBe(200)
  })

  test("after a crash the store can be opened again", async () => {
    const cwd = bench.folder()
    const first = start(cwd)
    await listening(first)
    expect((await first.end("SIGKILL")).code).toBe(null)
    const second = start(cwd)
    await listening(second)
    expect((await second.end()).code).toBe(0)
  })

  test("a taken port is named, with what takes another", async () => {
    const url = await listening(start(bench.folder()))
    const { port } = new URL(url)
    const { code, stderr } = await start(bench.folder(), ["--port", port]).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`Port ${port} is taken .*--port \\d+`))
    expect(stderr).not.toContain("    at ")
  })

  test("an address of another machine is refused", async () => {
    const { code, stderr } = await start(bench.folder(), ["--port", "0", "--host", "192.0.2.1"]).ended
    expect(code).toBe(1)
    expect(stderr).toContain("192.0.2.1 is no address of this machine.")
  })

  test("PORT, DENGLU_BASE_PATH and LOG_LEVEL are heeded", async () => {
    const port = await freePort()
    const env = { PORT: String(port), DENGLU_BASE_PATH: "/auth", LOG_LEVEL: "error" }
    const server = start(bench.folder(), [], env)
    const post = () => fetch(`http://127.0.0.1:${port}/auth/login`, { method: "POST", body: "{}" })
    const status = () => post().then(answer => answer.status, String)
    await expect.poll(status, { timeout: 5_000, interval: 50 }).toBe(400)
    expect(await server.end()).toMatchObject({ code: 0, output: "" })
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}

describe("denglu start while the database is not there yet", () => {
  test("it waits, says so, and serves once the database is there", { timeout: 30_000 }, async context => {
    need(context, await hasPostgres(), postgresNeed)
    const store = new URL(await freshPostgres())
    const { hostname, port } = store
    const gate = createServer(socket => {
      const through = connect(Number(port || 5432), hostname)
      socket.pipe(through).pipe(socket)
      socket.on("error", () => through.destroy())
      through.on("error", () => socket.destroy())
    })
    gate.listen(0, "127.0.0.1")
    await once(gate, "listening")
    store.port = String((gate.address() as AddressInfo).port)
    store.hostname = "127.0.0.1"
    gate.close()
    const server = start(bench.folder(), ["--port", "0"], { DENGLU_STORE: store.href })
    await server.printed(/the database is not there yet: trying again/)
    gate.listen(Number(store.port), "127.0.0.1")
    const url = await listening(server)
    expect((await get(`${url}/readyz`)).status).toBe(200)
    expect((await server.end()).code).toBe(0)
    gate.close()
    await dropPostgres()
  })

  test("told to stop while it waits it stops, and what waiting does not mend ends it at once", {
    timeout: 30_000,
  }, async context => {
    const nowhere = start(bench.folder(), ["--port", "0"], {
      DENGLU_STORE: "postgres://login@127.0.0.1:1/login",
    })
    await nowhere.printed(/trying again/)
    expect((await nowhere.end()).code).toBe(0)
    need(context, await hasPostgres(), postgresNeed)
    const url = new URL(await freshPostgres())
    url.pathname = "/no_such_database"
    const wrong = start(bench.folder(), ["--port", "0"], { DENGLU_STORE: url.href })
    const { code, stderr } = await wrong.ended
    expect(code).toBe(1)
    expect(stderr).toContain("The store can't be opened")
    await dropPostgres()
  })

  /** Says no to TLS, as a PostgreSQL without it does. */
  async function openWithoutTls(): Promise<Server> {
    const server = createServer(socket => socket.on("error", () => {}).once("data", () => socket.end("N")))
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return server
  }

  async function refused(store: string): Promise<string> {
    const { code, stdout, stderr } = await start(bench.folder(), ["--port", "0"], { DENGLU_STORE: store })
      .ended
    expect(code).toBe(1)
    expect(stdout).not.toContain("trying again")
    expect(stderr).toContain("The store can't be opened")
    return stderr
  }

  test("a PostgreSQL without the TLS that is asked for, or a certificate that is no file, ends it", async () => {
    const withoutTls = await openWithoutTls()
    const url = `postgres://login@127.0.0.1:${(withoutTls.address() as AddressInfo).port}/login`
    expect(await refused(`${url}?ssl=true`)).toContain("The server does not support SSL connections")
    expect(await refused(`${url}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`)).toContain(
      "can't read a file that the URL names: ENOENT: no such file or directory, open '/nowhere/ca.pem'",
    )
    withoutTls.close()
  })

  test("a setting that PostgreSQL does not know, or not so, ends it", { timeout: 60_000 }, async context => {
    need(context, await hasPostgres(), postgresNeed)
    const url = new URL(await freshPostgres())
    for (const [setting, code] of [
      ["no_such_setting=1", "42704"],
      ["work_mem=much", "22023"],
      ["shared_buffers=1GB", "55P02"],
    ] as const) {
      url.searchParams.set("options", `-c ${setting}`)
      expect(await refused(url.href)).toMatch(new RegExp(`PostgreSQL: .*parameter.* \\(${code}\\)`))
    }
    await dropPostgres()
  })

  test("no database in the URL of a MySQL ends it", async context => {
    need(context, await hasMysql(), mysqlNeed)
    const url = new URL(await freshMysql())
    url.pathname = "/"
    expect(await refused(url.href)).toContain("MySQL: No database selected (1046)")
    await dropMysql()
  })
})
