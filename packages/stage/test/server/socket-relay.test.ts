import { once } from "node:events"
import { expect, onTestFinished, test } from "vitest"
import { startEchoSocketServer } from "../../../simulator/test/wx/echo-socket-server.ts"
import { openStage, send } from "./serve.ts"

const ours = (url: string) => ({ origin: url })

/** A socket through the stage, as the phone's page opens it: the header travels in a cookie. */
function open(stage: string, to: string, header: object): WebSocket {
  const cookie = `stage-socket-header=${encodeURIComponent(JSON.stringify(header))}`
  const options = { headers: { ...ours(stage), cookie }, protocols: ["chat"] }
  const address = `${stage.replace("http", "ws")}/phone/socket?to=${encodeURIComponent(to)}`
  return new (WebSocket as unknown as new (url: string, options: object) => WebSocket)(address, options)
}

test("a socket is passed on with the header of the mini program", async () => {
  const { url } = await openStage()
  const echo = await startEchoSocketServer()
  onTestFinished(() => echo.close())
  const socket = open(url, `${echo.url}chat?room=1`, {
    authorization: "Bearer abc",
    "x-two": "lines\r\nx-evil: 1",
    host: "evil.example",
  })
  await once(socket, "open")
  expect(socket.protocol).toBe("chat")
  const [asked] = echo.asked
  expect(asked?.url).toBe("/chat?room=1")
  expect(asked?.headers).toMatchObject({
    authorization: "Bearer abc",
    "x-two": "lines  x-evil: 1",
    host: new URL(echo.url).host,
  })
  for (const name of ["x-evil", "cookie", "origin"]) expect(asked?.headers).not.toHaveProperty(name)
  socket.send("hello")
  const [{ data }] = (await once(socket, "message")) as [MessageEvent]
  expect(data).toBe("hello")
})

test("both ends of a socket end together", async () => {
  const { url } = await openStage()
  const echo = await startEchoSocketServer()
  const socket = open(url, echo.url, {})
  await once(socket, "open")
  const ended = once(socket, "close")
  await echo.close()
  await ended
})

test("a socket of another site is not taken, one of ours is not led elsewhere", async () => {
  const { url } = await openStage()
  const ask = (headers: Readonly<Record<string, string>>, to: string) =>
    send(url, `/phone/socket?to=${encodeURIComponent(to)}`, {
      headers: { connection: "upgrade", upgrade: "websocket", ...headers },
    }).then(
      ({ status }) => status,
      () => "cut",
    )
  expect(await ask({ origin: "https://evil.example" }, "ws://127.0.0.1:1/")).toBe("cut")
  expect(await ask({ origin: url, host: "evil.example" }, "ws://127.0.0.1:1/")).toBe("cut")
  expect(await ask(ours(url), "ws://169.254.169.254/")).toBe(403)
  expect(await ask(ours(url), "file:///etc/passwd")).toBe(403)
})

test("a socket to where nobody listens ends", async () => {
  const { url } = await openStage()
  const socket = open(url, "ws://127.0.0.1:1/", {})
  await once(socket, "error")
})
