import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { afterEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
let server: Server
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await harness.close()
})

async function start(options = {}) {
  harness = await startHarness(options)
  server = createServer(harness.login.node)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return (path: string, init?: RequestInit) => fetch(url + path, init)
}

test("under a base path the routes live there and nowhere else", async () => {
  const ask = await start({ basePath: "/auth" })
  expect((await ask("/auth/healthz")).status).toBe(200)
  for (const path of ["/healthz", "/.well-known/jwks.json", "/authhealthz", "/auth", "/"])
    expect([path, (await ask(path)).status]).toEqual([path, 404])
})

test("a body longer than it said, in chunks, is a 413, and the connection is closed", async () => {
  const ask = await start()
  const chunks = new ReadableStream({
    start(controller) {
      for (let index = 0; index < 20; index += 1)
        controller.enqueue(new TextEncoder().encode("x".repeat(1024)))
      controller.close()
    },
  })
  const answer = await ask("/login", { method: "POST", body: chunks, duplex: "half" } as RequestInit)
  expect([answer.status, answer.headers.get("connection")]).toEqual([413, "close"])
})

test("an answer that did not need the body keeps the connection if the body is small, and closes it if it is large", async () => {
  await start()
  const { port } = server.address() as AddressInfo
  const socket = connect(port, "127.0.0.1").setEncoding("utf8")
  const request = (line: string, length: number) =>
    `${line} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`
  const answer = async () => {
    const [text] = (await once(socket, "data")) as [string]
    return [text.slice(9, 12), /^connection: (\S+)/im.exec(text)?.[1]]
  }
  // Its body comes after the answer, and is not taken for the next request.
  socket.write(request("POST /nowhere", 10))
  expect(await answer()).toEqual(["404", "keep-alive"])
  socket.write(`0123456789${request("GET /healthz", 0)}`)
  expect(await answer()).toEqual(["200", "keep-alive"])
  socket.write(request("POST /nowhere", 20_000))
  expect(await answer()).toEqual(["404", "close"])
  socket.destroy()
})

test("a long poll is let go when the login drains", async () => {
  const ask = await start()
  const { cursor } = (await (await ask("/.well-known/revocations")).json()) as { readonly cursor: string }
  const polling = ask(`/.well-known/revocations?since=${cursor}&wait=20`)
  await new Promise(resolve => setTimeout(resolve, 50))
  const before = performance.now()
  harness.login.drain()
  expect((await polling).status).toBe(200)
  expect(performance.now() - before).toBeLessThan(1_000)
  expect((await ask("/readyz")).status).toBe(503)
})
