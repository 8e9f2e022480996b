import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, type TestContext, test } from "vitest"
import { startHarness } from "../../packages/denglu/test/support/harness.ts"
import { hasCommand, need } from "../../scripts/need.ts"
import { read } from "../../scripts/repository.ts"
import { complaintOfNginx, type Nginx, startNginx } from "./nginx.ts"

/** An instance that notes what reaches it. */
interface Instance {
  readonly port: number
  readonly seen: {
    readonly line: string
    readonly headers: IncomingMessage["headers"]
    readonly body: string
  }[]
  connections(): number
}

const running: { stop(): unknown }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop()
})

async function startInstance(
  answer: (res: ServerResponse, req: IncomingMessage) => void = res => void res.end("{}"),
): Promise<Instance> {
  const seen: Instance["seen"] = []
  let connections = 0
  const server: Server = createServer(async (req, res) => {
    let body = ""
    for await (const chunk of req) body += chunk
    seen.push({ line: `${req.method} ${req.url}`, headers: req.headers, body })
    answer(res, req)
  })
  server.on("connection", () => {
    connections += 1
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  running.push({
    stop() {
      server.closeAllConnections()
      server.close()
    },
  })
  return { port: (server.address() as AddressInfo).port, seen, connections: () => connections }
}

async function behindNginx(context: TestContext, ...ports: number[]): Promise<Nginx> {
  need(context, hasCommand("nginx") && hasCommand("openssl"), "the commands nginx and openssl")
  const nginx = await startNginx(ports)
  running.push(nginx)
  return nginx
}

/** An address where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

describe("nginx in front of Denglu", () => {
  test.for(["deploy/nginx/denglu-upstream.conf", "deploy/compose/denglu-upstream.conf"])(
    "nginx understands the configuration with the instances of %s",
    (file, context) => {
      need(context, hasCommand("nginx") && hasCommand("openssl"), "the commands nginx and openssl")
      expect(complaintOfNginx(file)).toBeUndefined()
    },
  )

  test("the address Denglu is told is the socket's, whatever the client claims", async context => {
    const instance = await startInstance()
    const nginx = await behindNginx(context, instance.port)
    const claims = { "x-forwarded-for": "203.0.113.9, 127.0.0.1" }
    expect((await nginx.send("POST", "/login", { body: "{}", headers: claims })).status).toBe(200)
    expect(instance.seen[0]?.headers["x-forwarded-for"]).toBe("127.0.0.1")
    expect(instance.seen[0]?.headers.host).toBe("login.example.com")
  })

  test("a POST that an instance took and then broke off is not sent to another one", async context => {
    const breaking = await startInstance(res => res.destroy())
    const other = await startInstance()
    const nginx = await behindNginx(context, breaking.port, other.port)
    const statuses = [
      (await nginx.send("POST", "/login", { body: '{"code":"1"}' })).status,
      (await nginx.send("POST", "/login", { body: '{"code":"2"}' })).status,
    ]
    const bodies = [...breaking.seen, ...other.seen].map(({ body }) => body)
    expect(bodies.sort()).toEqual(['{"code":"1"}', '{"code":"2"}'])
    expect(statuses.sort()).toEqual([200, 502])
  })

  test("a GET that an instance broke off is asked of another one", async context => {
    const breaking = await startInstance(res => res.destroy())
    const other = await startInstance()
    const nginx = await behindNginx(context, breaking.port, other.port)
    for (const _ of [1, 2]) expect((await nginx.send("GET", "/me")).status).toBe(200)
    expect(breaking.seen).not.toEqual([])
  })

  test("a POST that could not be delivered goes to another instance", async context => {
    const instance = await startInstance()
    const nginx = await behindNginx(context, await closedPort(), instance.port)
    for (const code of ["1", "2", "3"])
      expect((await nginx.send("POST", "/login", { body: `{"code":"${code}"}` })).status).toBe(200)
    expect(instance.seen).toHaveLength(3)
  })

  test("connections to the instances are kept", async context => {
    const instance = await startInstance()
    const nginx = await behindNginx(context, instance.port)
    for (let sent = 0; sent < 20; sent += 1) await nginx.send("GET", "/me")
    expect(instance.seen).toHaveLength(20)
    expect(instance.connections()).toBe(1)
  })

  test("what is too long for Denglu it says itself, and nginx only what is far too long", async context => {
    const instance = await startInstance()
    const nginx = await behindNginx(context, instance.port)
    expect((await nginx.send("POST", "/login", { body: "x".repeat(20_000) })).status).toBe(200)
    expect((await nginx.send("POST", "/login", { body: "x".repeat(4_000_000) })).status).toBe(413)
    expect(instance.seen).toHaveLength(1)
  })

  test("what is for operators is not for the world, and http is sent to https", async context => {
    const instance = await startInstance()
    const nginx = await behindNginx(context, instance.port)
    for (const path of ["/readyz", "/healthz", "/metrics"])
      expect((await nginx.send("GET", path)).status).toBe(404)
    expect(instance.seen).toEqual([])
    const { status, headers } = await nginx.sendPlain("/login?x=1")
    expect([status, headers.location]).toEqual([308, "https://login.example.com/login?x=1"])
  })
})

test("nginx waits longer for an answer than Denglu ever takes: the long poll of the revocations", async () => {
  const harness = await startHarness()
  const { text } = await harness.send("GET", "/openapi.json")
  await harness.close()
  const [, longest] = /Seconds to wait for something newer[^"]*at most (\d+)/.exec(text) ?? []
  const [, waits] = /proxy_read_timeout (\d+)s;/.exec(read("deploy/nginx/denglu.conf")) ?? []
  expect(Number(longest)).toBeGreaterThan(0)
  expect(Number(waits)).toBeGreaterThan(Number(longest) + 5)
})

test("nginx closes idle connections before Denglu does", () => {
  for (const file of ["deploy/nginx/denglu-upstream.conf", "deploy/compose/denglu-upstream.conf"]) {
    const [, nginxKeeps] = /keepalive_timeout (\d+)s;/.exec(read(file)) ?? []
    const [, dengluKeeps] = /keepAliveTimeout: ([\d_]+),/.exec(read("packages/denglu/src/cli/serve.ts")) ?? []
    expect(Number(nginxKeeps) * 1000).toBeLessThan(Number(dengluKeeps?.replace("_", "")))
  }
})
