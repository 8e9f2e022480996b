import { createDecipheriv, createHash } from "node:crypto"
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, expect, test } from "vitest"
import { createSimulator } from "../src/index.ts"

interface Received {
  readonly query: URLSearchParams
  readonly body: string
}

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

/** A server that answers the tries one after the other as told, the last for ever; `undefined`: not at all. */
async function receive(...answers: readonly (readonly [number, string] | undefined)[]) {
  const received: Received[] = []
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const answer = answers[Math.min(received.length, answers.length - 1)]
    received.push({
      query: new URL(req.url ?? "", "http://x").searchParams,
      body: Buffer.concat(chunks).toString(),
    })
    if (answer !== undefined) res.writeHead(answer[0]).end(answer[1])
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/push` }
}

const token = "token"
const sign = (...parts: string[]) => createHash("sha1").update(parts.sort().join("")).digest("hex")
const about = { user: "alice", event: "user_authorization_revoke", token, waitMs: 2_000, pauseMs: 10 }

test("a push is signed and tells of the person by their openid, in JSON or XML", async () => {
  const { received, url } = await receive([200, "success"])
  const simulator = createSimulator({ now: 1_714_037_059_000 })
  const { state, openid } = await simulator.push({ ...about, url })
  await simulator.push({ ...about, url, format: "xml", fields: { RevokeInfo: "8" } })
  expect(state).toBe("delivered")
  const [json, xml] = received as [Received, Received]
  const { query } = json
  expect(query.get("signature")).toBe(sign(token, "1714037059", query.get("nonce") ?? ""))
  expect(JSON.parse(json.body)).toMatchObject({ MsgType: "event", Event: about.event, OpenID: openid })
  expect(xml.body).toContain(`<OpenID><![CDATA[${openid}]]></OpenID>`)
  expect(xml.body).toContain("<RevokeInfo><![CDATA[8]]></RevokeInfo>")
  expect(xml.body).toContain("<CreateTime>1714037059</CreateTime>")
})

test("with an EncodingAESKey it is encrypted, and can be opened with it", async () => {
  const { received, url } = await receive([200, ""])
  const simulator = createSimulator()
  const encodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
  await simulator.push({ ...about, url, encodingAesKey })
  const [{ query, body }] = received as [Received]
  const { Encrypt } = JSON.parse(body)
  const parts = [token, query.get("timestamp") ?? "", query.get("nonce") ?? "", Encrypt]
  expect(query.get("msg_signature")).toBe(sign(...parts))
  const key = Buffer.from(`${encodingAesKey}=`, "base64")
  const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false)
  const opened = Buffer.concat([decipher.update(Encrypt, "base64"), decipher.final()])
  const end = 20 + opened.readUInt32BE(16)
  expect(JSON.parse(opened.subarray(20, end).toString())).toMatchObject({ Event: about.event })
  expect(opened.subarray(end, end + 18).toString()).toBe("wxsim0000000000001")
  expect(opened.length % 32).toBe(0)
})

test("whatever is not success is tried again, three times at most, and where to is remembered", async () => {
  const { received, url } = await receive([503, ""], undefined, [200, "error"], [200, "success"], [500, "no"])
  const simulator = createSimulator()
  const first = await simulator.push({ ...about, url, waitMs: 500 })
  expect([first.state, first.attempts.map(({ status }) => status)]).toEqual([
    "delivered",
    [503, undefined, 200, 200],
  ])
  const second = await simulator.push({ user: "bob", event: "user_info_modified", pauseMs: 10 })
  expect([second.state, second.attempts.length, received.length]).toEqual(["given up", 4, 8])
  expect(simulator.pushes().map(({ state }) => state)).toEqual(["delivered", "given up"])
})

test.each([
  ["another machine", { url: "http://login.example.com/push" }],
  ["no address", { url: "" }],
  ["a token that is none", { token: "no good" }],
  ["a key that is none", { encodingAesKey: "short" }],
  ["another format", { format: "yaml" as "json" }],
  ["an event that is none", { event: "<event>" }],
  ["no patience", { waitMs: 0 }],
  ["no pause", { pauseMs: 0 }],
  ["too many copies", { copies: 101 }],
])("%s is refused", async (_name, wrong) => {
  const simulator = createSimulator()
  const push = simulator.push({ ...about, url: "http://127.0.0.1:1/push", ...wrong })
  await expect(push).rejects.toThrow(TypeError)
})
