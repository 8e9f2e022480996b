import { createServer, type Server } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { afterEach, expect, test } from "vitest"
import { mostUnderWay } from "../../src/limits/most.ts"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
let server: Server
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.closeAllConnections()
  server.close()
  await harness.close()
})

/** Says that a body comes, and sends the first byte of it. */
async function begin(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1")
  sockets.push(socket.on("error", () => {}))
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject)
    socket.write("POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{", () => resolve())
  })
}

test("more connections than may be under way, which send no body, keep nobody from logging in", {
  timeout: 20_000,
}, async () => {
  harness = await startHarness()
  let begun = 0
  server = createServer((req, res) => {
    begun += 1
    harness.login.node(req, res)
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const idle = mostUnderWay + 200
  while (sockets.length < idle) await Promise.all(Array.from({ length: 100 }, () => begin(port)))
  await expect.poll(() => begun, { timeout: 5_000 }).toBe(sockets.length)
  for (const person of ["ming", "li", "hua"]) {
    const answer = await fetch(`http://127.0.0.1:${port}/login`, {
      method: "POST",
      body: JSON.stringify({ code: harness.code(person) }),
    })
    expect(answer.status).toBe(200)
  }
})
