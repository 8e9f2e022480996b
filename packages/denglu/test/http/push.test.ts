import type { Events } from "denglu"
import { createLogin } from "denglu"
import fc from "fast-check"
import { afterEach, describe, expect, test } from "vitest"
import type { PushOptions } from "../../src/push-options.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { signPush } from "../../src/wechat/push-crypto.ts"
import { readEncrypted } from "../../src/wechat/push-fields.ts"
import { type Harness, startHarness } from "../support/harness.ts"
import {
  asXml,
  plainPush,
  pushOptions,
  safePush,
  sendPush,
  userPush,
  type WirePush,
} from "../support/push.ts"

const appid = "wxba5fad812f8e6fb9"
let harness: Harness | undefined
afterEach(async () => {
  await harness?.close()
  harness = undefined
})

/** A login whose clock stands at this moment (ms), and the events of pushes. */
async function start(now: number, push: PushOptions | undefined = pushOptions) {
  const started = await startHarness({
    apps: [{ appid, secret: "0".repeat(32), ...(push === undefined ? {} : { push }) }],
    clock: () => now,
  })
  harness = started
  const events: Events["wechat.push"][] = []
  started.login.on("wechat.push", event => events.push(event))
  return {
    ...started,
    events,
    send: (wire: Parameters<typeof sendPush>[2]) => sendPush(started.login, appid, wire),
  }
}

const checkedAt = 1_714_037_059_000
const pushedAt = 1_714_112_445_000
const success = { status: 200, text: "success", type: "text/plain; charset=utf-8" }
const plain = { token: pushOptions.token }

describe("WeChat's check of the address", () => {
  const query = {
    signature: "899cf89e464efb63f54ddac96b0a0a235f53aa78",
    timestamp: "1714037059",
    nonce: "486452656",
    echostr: "4375120948345356249",
  }

  test("the sample of WeChat's page is answered what it asks for, as plain text", async () => {
    const { send } = await start(checkedAt)
    expect(await send({ query })).toEqual({ ...success, text: query.echostr })
  })

  test.each([
    ["another signature", { signature: query.signature.replace("8", "9") }],
    ["no signature", { signature: "" }],
    ["another timestamp", { timestamp: "1714037058" }],
    ["another nonce", { nonce: "486452657" }],
    ["digits that moved from the nonce to the timestamp", { timestamp: "17140370594", nonce: "86452656" }],
    ["an echo that is markup", { echostr: "<script>alert(1)</script>" }],
    ["no echo", { echostr: "" }],
  ])("%s is refused", async (_name, change) => {
    const { send } = await start(checkedAt)
    const { status, text } = await send({ query: { ...query, ...change } })
    expect([status, JSON.parse(text).code]).toEqual([403, "push_refused"])
    expect(text).not.toContain("script")
  })

  test("is good as long as maxAge says, in both directions", async () => {
    for (const [off, status] of [
      [300_000, 200],
      [301_000, 403],
      [-300_000, 200],
      [-301_000, 403],
    ] as const) {
      const { send, close } = await start(checkedAt + off)
      expect((await send({ query })).status).toBe(status)
      await close()
    }
    const { send } = await start(checkedAt + 11_000, { ...pushOptions, maxAge: 10 })
    expect((await send({ query })).status).toBe(403)
  })

  test("an app without push, and one nobody knows, have no such path", async () => {
    const started = await startHarness()
    harness = started
    for (const of of [started.appid, appid, "x", "__proto__"])
      for (const wire of [{ query }, { query, body: "{}" }])
        expect((await sendPush(started.login, of, wire)).status).toBe(404)
  })
})

describe("a push", () => {
  const encrypted =
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
  const query = {
    // The safe mode doesn't look at it.
    signature: "0".repeat(40),
    timestamp: "1714112445",
    nonce: "415670741",
    encrypt_type: "aes",
    msg_signature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
  }
  const sample = { query, body: JSON.stringify({ ToUserName: "gh_97417a04a28d", Encrypt: encrypted }) }

  test("of WeChat's page is taken, in JSON and in XML, whatever its content type says", async () => {
    for (const body of [sample.body, asXml({ ToUserName: "gh_97417a04a28d", Encrypt: encrypted })]) {
      for (const type of ["text/xml", "application/json", "application/x-www-form-urlencoded"]) {
        const { login, events, close } = await start(pushedAt)
        expect(await sendPush(login, appid, { query, body }, type)).toEqual(success)
        expect(events).toEqual([
          {
            kind: "other",
            appid,
            createdAt: pushedAt,
            msgType: "event",
            event: "debug_demo",
            userId: undefined,
            requestId: expect.any(String),
          },
        ])
        await close()
      }
    }
  })

  test("is told once, however often it comes, signed anew or not", async () => {
    const { send, events } = await start(pushedAt)
    expect(await send(sample)).toEqual(success)
    expect(await send(sample)).toEqual(success)
    const message = JSON.stringify(userPush("user_info_modified", "o1", pushedAt))
    for (const nonce of ["1", "2", "3"])
      expect(await send(safePush(message, { appid, now: pushedAt, nonce }))).toEqual(success)
    expect(events.map(({ kind }) => kind)).toEqual(["other", "user_info_modified"])
  })

  test("events of one second about two people are two", async () => {
    const { send, events } = await start(pushedAt)
    for (const openid of ["o1", "o2"])
      await send(
        safePush(JSON.stringify(userPush("user_info_modified", openid, pushedAt)), { appid, now: pushedAt }),
      )
    expect(events).toHaveLength(2)
  })

  const message = JSON.stringify(userPush("user_authorization_revoke", "o1", pushedAt))
  const good = safePush(message, { appid, now: pushedAt })
  const changed = (change: (wire: WirePush) => Partial<WirePush>) => ({ ...good, ...change(good) })
  const signed = (Encrypt: string): WirePush => {
    const { timestamp = "", nonce = "" } = good.query
    const msg_signature = signPush([pushOptions.token, timestamp, nonce, Encrypt])
    return { query: { ...good.query, msg_signature }, body: JSON.stringify({ Encrypt }) }
  }
  const { Encrypt } = JSON.parse(good.body)

  const wrong: readonly (readonly [string, WirePush])[] = [
    ["another signature", changed(({ query }) => ({ query: { ...query, msg_signature: "0".repeat(40) } }))],
    ["no signature", changed(({ query: { msg_signature: _, ...query } }) => ({ query }))],
    ["the signature of the plain mode", plainPush(message, { appid, now: pushedAt })],
    ["another timestamp", changed(({ query }) => ({ query: { ...query, timestamp: "1714112446" } }))],
    ["no timestamp", changed(({ query }) => ({ query: { ...query, timestamp: "" } }))],
    ["one that is too old", safePush(message, { appid, now: pushedAt - 301_000 })],
    ["one from the future", safePush(message, { appid, now: pushedAt + 301_000 })],
    ["another app's", safePush(message, { appid: "wxba5fad812f8e6fb8", now: pushedAt })],
    [
      "another key",
      safePush(message, {
        appid,
        now: pushedAt,
        options: { ...pushOptions, encodingAesKey: "B".repeat(43) },
      }),
    ],
    [
      "another token",
      safePush(message, { appid, now: pushedAt, options: { ...pushOptions, token: "AAAAB" } }),
    ],
    [
      "an altered ciphertext",
      changed(() => ({
        body: JSON.stringify({ Encrypt: `${Encrypt[0] === "B" ? "C" : "B"}${Encrypt.slice(1)}` }),
      })),
    ],
    ["an altered ciphertext that is signed", signed(`${Encrypt.slice(0, -4)}AAA=`)],
    ["a ciphertext of nothing that is signed", signed("AAAA")],
    ["no ciphertext", changed(() => ({ body: "{}" }))],
    ["an empty body", changed(() => ({ body: "" }))],
    ["a body that is no UTF-8 text of ours", changed(() => ({ body: "\u0000" }))],
    ["a message that is no message", safePush("hello", { appid, now: pushedAt })],
    ["a message without a type", safePush("{}", { appid, now: pushedAt })],
    ["a message of 30,000 brackets", safePush(`{"MsgType":${"[".repeat(30_000)}`, { appid, now: pushedAt })],
    [
      "a doctype",
      safePush('<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>', { appid, now: pushedAt }),
    ],
  ]

  test("every failure has one and the same answer, and the log tells which it was without a secret", async () => {
    const { send, events, logged } = await start(pushedAt)
    const answers = new Map<string, string>()
    for (const [name, wire] of wrong) {
      const { status, text } = await send(wire)
      expect([name, status]).toEqual([name, 403])
      answers.set(text.replace(/"request_id":"[^"]*"/, ""), name)
    }
    expect([...answers.keys()]).toHaveLength(1)
    expect(events).toEqual([])
    expect(logged.join()).toContain("a message push was refused")
    for (const secret of [pushOptions.encodingAesKey, Encrypt, good.query.msg_signature, "o1"])
      expect(logged.join()).not.toContain(secret)
    expect((await send(good)).status).toBe(200)
  })

  test("more than 64 kB are refused before they are read", async () => {
    const { send } = await start(pushedAt)
    expect((await send({ ...good, body: `{"Encrypt":"${"A".repeat(65_536)}"}` })).status).toBe(413)
  })

  test("whatever is altered, nothing happens", async () => {
    const { send, events } = await start(pushedAt)
    const text = good.body
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), async (at, instead) => {
        const body = text.slice(0, at) + instead + text.slice(at + 1)
        fc.pre(readEncrypted(body) !== Encrypt)
        expect((await send({ ...good, body })).status).toBe(403)
      }),
      { numRuns: 300 },
    )
    expect(events).toEqual([])
  })

  test("in the plain mode is taken by its signature, and one of the safe mode is not", async () => {
    const { send, events } = await start(pushedAt, plain)
    const xml = asXml(
      userPush("user_authorization_revoke", "o1", pushedAt, { RevokeInfo: "6,8", AppID: appid }),
    )
    expect(await send(plainPush(xml, { appid, now: pushedAt }))).toEqual(success)
    expect(events).toMatchObject([
      {
        kind: "user_authorization_revoke",
        openid: "o1",
        revokeInfo: ["6", "8"],
        userId: undefined,
        pluginId: undefined,
      },
    ])
    expect((await send(safePush(message, { appid, now: pushedAt }))).status).toBe(403)
    expect((await send(plainPush(xml, { appid, now: pushedAt, options: { token: "other" } }))).status).toBe(
      403,
    )
  })

  test("in WeChat's compatible mode is read from what is encrypted only", async () => {
    const { send, events } = await start(pushedAt)
    const body = JSON.stringify({ ...userPush("user_authorization_cancellation", "o2", pushedAt), Encrypt })
    expect(await send({ ...good, body })).toEqual(success)
    expect(events).toMatchObject([{ kind: "user_authorization_revoke", openid: "o1" }])
  })

  test("is taken from middleware that has parsed it already", async () => {
    const { login } = await start(pushedAt)
    const request = {
      url: `/wechat/push/${appid}?${new URLSearchParams(good.query)}`,
      method: "POST",
      headers: {},
    }
    const status = await new Promise(resolve => {
      const res = { writeHead: resolve, end: () => {} }
      login.node({ ...request, complete: true, body: JSON.parse(good.body) } as never, res as never)
    })
    expect(status).toBe(200)
  })
})

describe("options of the push", () => {
  const attempt = (push: unknown) =>
    createLogin({
      apps: [{ appid, secret: "0".repeat(32), push: push as PushOptions }],
      store: createMemoryStore(),
      secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-options",
    })

  test.each([
    [{ token: "no good" }, /^push.token of app wxba5fad812f8e6fb9 must be 3 to 32 letters and digits/],
    [{ token: "ab" }, /push.token/],
    [{}, /push.token/],
    [{ token: "abc", encodingAesKey: "A".repeat(42) }, /push.encodingAesKey .* 43 letters/],
    [{ token: "abc", encodingAesKey: `${"A".repeat(42)}=` }, /push.encodingAesKey/],
    [{ token: "abc", mode: "safe" }, /push.encodingAesKey .* is missing/],
    [{ token: "abc", mode: "compatible" }, /push.mode/],
    [{ token: "abc", maxAge: 5 }, /push.maxAge/],
  ])("%j is refused with what to write", async (push, message) => {
    await expect(attempt(push)).rejects.toThrow(message)
  })
})
