import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { type AddressInfo, createServer, type Socket } from "node:net"
import { join } from "node:path"
import { TLSSocket } from "node:tls"
import { afterAll, describe, expect, test } from "vitest"
import { createSelfSigned, type SelfSigned } from "../support/self-signed.ts"
import { createBench } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

/** How TLS is asked for with the name looked at (mysql2 leaves that out unless told), and how each server begins, up to where TLS takes over: https://www.postgresql.org/docs/current/protocol-flow.html, and MySQL's. */
const engines = {
  postgres: { query: "sslmode=verify-full", greeting: undefined, answer: "S" },
  mysql: {
    query: `ssl=${encodeURIComponent('{"verifyIdentity":true}')}`,
    greeting: mysqlGreeting(),
    answer: undefined,
  },
} as const

type Engine = keyof typeof engines

function mysqlGreeting(): Buffer {
  const salt = Buffer.alloc(21, "s").fill(0, 20)
  const payload = Buffer.concat([
    Buffer.from("\u000a8.0.36\0"),
    Buffer.from([1, 0, 0, 0]),
    salt.subarray(0, 8),
    // Capabilities, TLS (0x0800) among them; character set, status, length of the salt.
    Buffer.from([0, 0xff, 0xff, 0xff, 2, 0, 0x0f, 0, 21]),
    Buffer.alloc(10),
    salt.subarray(8),
    Buffer.from("caching_sha2_password\0"),
  ])
  return Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload])
}

/** A database up to the end of its TLS handshake. `secured` counts those that took its certificate. */
async function openDatabase(engine: Engine, { cert, key }: SelfSigned) {
  const { greeting, answer } = engines[engine]
  let secured = 0
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {})
    if (greeting) socket.write(greeting)
    socket.once("data", (chunk: Buffer) => {
      if (answer) socket.write(answer)
      // mysql2 goes on with TLS at once: its first words may have come along.
      else {
        socket.pause()
        socket.unshift(chunk.subarray(4 + chunk.readUIntLE(0, 3)))
      }
      const secure = new TLSSocket(socket, { isServer: true, cert, key })
      secure.on("error", () => {})
      secure.once("data", () => {
        secured++
        secure.destroy()
      })
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: (server.address() as AddressInfo).port,
    secured: () => secured,
    close: () => server.close(),
  }
}

function start(engine: Engine, port: number, env: Record<string, string> = {}) {
  return bench.start(["start", "--port", "0"], {
    cwd: bench.folder(),
    env: {
      WECHAT_APPID: "wx0123456789abcdef",
      WECHAT_SECRET: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      DENGLU_SECRET: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa",
      DENGLU_STORE: `${engine}://login:planted@localhost:${port}/login?${engines[engine].query}`,
      ...env,
    },
  })
}

async function trusting({ cert }: SelfSigned): Promise<Record<string, string>> {
  const file = join(bench.folder(), "ca.pem")
  await writeFile(file, cert)
  return { NODE_EXTRA_CA_CERTS: file }
}

describe.each(["postgres", "mysql"] as const)("the certificate of a %s", engine => {
  async function refused(pair: SelfSigned, env: Record<string, string> = {}): Promise<string> {
    const database = await openDatabase(engine, pair)
    const { code, stdout, stderr } = await start(engine, database.port, env).ended
    database.close()
    expect({ code, secured: database.secured() }).toEqual({ code: 1, secured: 0 })
    expect(stdout).not.toContain("trying again")
    expect(stderr).toContain("the server's certificate is refused")
    expect(stdout + stderr).not.toContain("planted")
    return stderr
  }

  test("of an unknown authority ends the start, and the remedy that is told works", async () => {
    const pair = createSelfSigned({ name: "localhost" })
    expect(await refused(pair)).toContain("NODE_EXTRA_CA_CERTS=FILE")
    const database = await openDatabase(engine, pair)
    const server = start(engine, database.port, await trusting(pair))
    await server.printed(/trying again/)
    expect(database.secured()).toBeGreaterThan(0)
    await server.end()
    database.close()
  })

  test("for another name ends it", async () => {
    const pair = createSelfSigned({ name: "db.example.com" })
    expect(await refused(pair, await trusting(pair))).toContain("issued for another name")
  })

  test("that has expired ends it", async () => {
    const pair = createSelfSigned({ name: "localhost", until: new Date(Date.now() - 60_000) })
    expect(await refused(pair, await trusting(pair))).toContain("has expired")
  })
  test("that is not valid yet is waited for: a clock may be set later than the server starts", async () => {
    const day = 86_400_000
    const pair = createSelfSigned({ name: "localhost", until: new Date(Date.now() + 3 * day) })
    const database = await openDatabase(engine, pair)
    const server = start(engine, database.port, await trusting(pair))
    await server.printed(/certificate is not valid yet/)
    expect((await server.end()).code).toBe(0)
    expect(database.secured()).toBe(0)
    database.close()
  })
})
