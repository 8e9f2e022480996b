import { expect, test } from "vitest"
import type { Message } from "../../src/protocol.ts"
import { openRig, type Rig } from "./playground-rig.ts"

/** A browser with the web page: it has cookies, and says where its page is from. */
function browserOf({ url }: Rig) {
  const cookies = new Map<string, string>()
  async function send(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${url}/site${path}`, {
      method,
      headers: {
        origin: url,
        "sec-fetch-site": "same-origin",
        "denglu-session": "cookie",
        cookie: [...cookies].map(pair => pair.join("=")).join("; "),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === "") cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return { send, cookies }
}

interface Code {
  readonly id: string
  readonly image: string
  readonly number: string
}

async function askForCode(browser: ReturnType<typeof browserOf>): Promise<Code> {
  return (await (await browser.send("POST", "/scan")).json()) as Code
}

/** Scans as a control of the page does; answers what the phone opens. */
async function scan(
  rig: Rig,
  way: "camera" | "stolen-picture" | "late" | "wrong-number",
  { image, number }: Code,
) {
  const reader = await rig.feed()
  await rig.control({ control: "scan", way, image, number })
  if (way === "wrong-number") return undefined
  const events = await reader.until(seen => seen.some(({ kind }) => kind === "phone"))
  const opened = events.find(event => event.kind === "phone")
  return /^(\d+):pages\/scan\/scan\?scene=(.+)$/.exec(opened?.launch ?? "")?.slice(1)
}

const lines = (messages: readonly Message[]) => messages.map(({ from, to, line }) => `${from}>${to} ${line}`)

test("a web page is logged in through the playground: both sequences are told, no secret of them is", async () => {
  const rig = await openRig()
  const browser = browserOf(rig)
  const { access_token: token } = (await rig.logIn()).body
  await rig.control({ control: "clear" })
  const code = await askForCode(browser)
  const [launchScene, scene = ""] = (await scan(rig, "camera", code)) ?? []
  expect(launchScene).toBe("1047")
  const body = { scene: decodeURIComponent(scene), launch_scene: 1047 }
  const { id } = (await rig.send("POST", "/scan/open", { token, body })).body
  const scanCookie = browser.cookies.get("__Host-denglu-scan") ?? ""
  await browser.send("GET", `/scan/${id}?wait=20&status=waiting`)
  await browser.send("GET", `/scan/${id}?status=opened`)
  await rig.send("POST", `/scan/${id}/confirm`, { token, body: { number: code.number } })
  await browser.send("GET", `/scan/${id}?wait=20&status=opened`)
  expect((await browser.send("POST", `/scan/${id}/redeem`)).status).toBe(200)
  for (let looks = 0; looks < 3; looks += 1) expect((await browser.send("GET", "/me")).status).toBe(200)

  const messages = await rig.messages()
  const told = lines(messages).filter(line => !/wechat|app_tokens/.test(line))
  expect(told).toEqual([
    "web>server POST /scan",
    "server>web 200 OK",
    "miniprogram>miniprogram scene 1047",
    "miniprogram>server POST /scan/open",
    "server>store UPDATE scans",
    "server>miniprogram 200 OK",
    // The question without news is not told.
    "web>server GET /scan/…",
    "server>web 200 OK",
    "miniprogram>server POST /scan/…/confirm",
    expect.stringMatching(/^server>store .*UPDATE scans/),
    "server>miniprogram 204 No Content",
    "web>server GET /scan/…",
    "server>web 200 OK",
    "web>server POST /scan/…/redeem",
    expect.stringMatching(/^server>store INSERT sessions/),
    "server>web 200 OK",
    "web>server GET /me",
    "server>web 200 OK",
  ])
  expect(messages.every(({ step }) => step === null)).toBe(true)
  const redeemed = messages.findLast(({ line, token }) => line === "200 OK" && token !== null)
  expect(
    redeemed?.headers.filter(({ name }) => name === "set-cookie").map(({ value }) => value),
  ).toContainEqual(
    expect.stringMatching(
      /^__Host-denglu=eyJh…\(\d+\); Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    ),
  )
  const all = JSON.stringify(messages)
  const secrets = [
    token,
    scanCookie,
    decodeURIComponent(scene),
    code.image.slice(-200),
    ...browser.cookies.values(),
  ]
  for (const secret of secrets) expect(all).not.toContain(secret)
  const numbers = messages.flatMap(({ body }) => body.filter(({ name }) => name === "number"))
  expect(numbers.map(({ value }) => value)).toEqual(["…", "…"])
})

test("a picture of the code that somebody else opens comes from the album, and they hold the phone", async () => {
  const rig = await openRig()
  const launch = await scan(rig, "stolen-picture", await askForCode(browserOf(rig)))
  expect(launch?.[0]).toBe("1049")
  expect((await rig.state()).person).toBe("bob")
})

test("a scan that comes too late meets no ticket", async () => {
  const rig = await openRig()
  const browser = browserOf(rig)
  const { access_token: token } = (await rig.logIn()).body
  const code = await askForCode(browser)
  const [, scene = ""] = (await scan(rig, "late", code)) ?? []
  const body = { scene: decodeURIComponent(scene), launch_scene: 1047 }
  expect(await rig.send("POST", "/scan/open", { token, body })).toMatchObject({
    status: 400,
    body: { code: "ticket_invalid" },
  })
  expect(await (await browser.send("GET", `/scan/${code.id}`)).json()).toMatchObject({ status: "expired" })
})

test("a number that a stranger guesses is never the right one, and ends the code", async () => {
  const rig = await openRig()
  const browser = browserOf(rig)
  const code = await askForCode(browser)
  await scan(rig, "wrong-number", code)
  expect(await (await browser.send("GET", `/scan/${code.id}`)).json()).toMatchObject({ status: "denied" })
  expect((await browser.send("POST", `/scan/${code.id}/redeem`)).status).toBe(403)
  const messages = await rig.messages()
  expect(messages.findLast(({ to }) => to === "miniprogram")?.title.en).toMatch(
    /^A stranger's phone: Not confirmed/,
  )
})

test("what is no scan is refused, and a picture without a code too", async () => {
  const rig = await openRig()
  const image = `data:image/png;base64,${Buffer.from("no code").toString("base64")}`
  for (const body of [
    { control: "scan" },
    { control: "scan", way: "camera", image: "https://example.com/", number: "12" },
    { control: "scan", way: "telepathy", image, number: "12" },
    { control: "scan", way: "camera", image, number: "123" },
    { control: "scan", way: "camera", image, number: "12" },
  ])
    expect((await rig.post(JSON.stringify(body))).status).toBe(400)
})

test("only pages of this address reach the login server that way, with bodies of a bounded size", async () => {
  const rig = await openRig()
  expect((await rig.get("/site/me", { origin: "http://evil.example" })).status).toBe(403)
  const long = { method: "POST", body: "x".repeat(70_000), headers: { origin: rig.url } }
  expect((await fetch(`${rig.url}/site/login`, long)).status).toBe(413)
  expect((await fetch(`${rig.url}/site/me`, { method: "PUT" })).status).toBe(405)
})
