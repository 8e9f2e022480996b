import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { createSimulator, createWx } from "../../src/index.ts"

const hour = 3_600_000

interface ListedKey {
  readonly encrypt_key: string
  readonly iv: string
  readonly version: number
  readonly expire_in: number
  readonly create_time: number
}

/** A person's phone, and what the mini program's server hears from WeChat of the same person's keys. */
async function start() {
  const simulator = createSimulator({ now: 1_800_000_000_000 })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const ask = async (path: string, parameters: object, init?: RequestInit) => {
    const query = new URLSearchParams(parameters as never)
    return (
      await simulator.fetch(new Request(`http://127.0.0.1${path}?${query}`, init))
    ).json() as Promise<never>
  }
  const wx = createWx({ simulator, user: "alice" })
  const { code: js_code } = await wx.login()
  const session: { session_key: string; openid: string } = await ask("/sns/jscode2session", {
    ...app,
    js_code,
    grant_type: "authorization_code",
  })
  const listed = async (method: "GET" | "POST"): Promise<readonly ListedKey[]> => {
    const token: { access_token: string } = await ask("/cgi-bin/token", {
      ...app,
      grant_type: "client_credential",
    })
    const answer: { key_info_list: readonly ListedKey[] } = await ask(
      "/wxa/business/getuserencryptkey",
      {
        access_token: token.access_token,
        openid: session.openid,
        signature: createHmac("sha256", session.session_key).update("").digest("hex"),
        sig_method: "hmac_sha256",
      },
      { method },
    )
    return answer.key_info_list
  }
  return { simulator, wx, listed }
}

test("phone and server have the same key, whoever asks first and by either method", async () => {
  const { wx, listed } = await start()
  const key = await wx.getUserCryptoManager().getLatestUserKey()
  expect(key).toEqual({
    encryptKey: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    iv: expect.stringMatching(/^[A-Za-z0-9]{16}$/),
    version: 1,
    expireTime: 1_800_003_600,
    errMsg: "getLatestUserKey:ok",
  })
  for (const method of ["GET", "POST"] as const)
    expect(await listed(method)).toEqual([
      {
        encrypt_key: key.encryptKey,
        iv: key.iv,
        version: 1,
        expire_in: 3_600,
        create_time: 1_800_000_000,
      },
    ])
})

test("an hour later there is another, and of the old ones the last two stay, with nothing left", async () => {
  const { simulator, wx, listed } = await start()
  const versions: number[] = []
  for (let hours = 0; hours < 5; hours += 1) {
    versions.push((await wx.getUserCryptoManager().getLatestUserKey()).version)
    simulator.clock.advance(hour)
  }
  expect(versions).toEqual([1, 2, 3, 4, 5])
  const list = await listed("GET")
  expect(list.map(({ version, expire_in }) => [version, expire_in])).toEqual([
    [6, 3_600],
    [5, 0],
    [4, 0],
  ])
  const { encryptKey } = await wx.getUserCryptoManager().getLatestUserKey()
  expect(list[0]?.encrypt_key).toBe(encryptKey)
})

test("another person has other keys", async () => {
  const { simulator, wx } = await start()
  const { encryptKey } = await wx.getUserCryptoManager().getLatestUserKey()
  expect(simulator.userKey({ user: "bob" }).encryptKey).not.toBe(encryptKey)
})

test("by callback it answers too, and without a simulator it fails", async () => {
  const { wx } = await start()
  const byCallback = await new Promise(success => wx.getUserCryptoManager().getLatestUserKey({ success }))
  expect(byCallback).toMatchObject({ errMsg: "getLatestUserKey:ok", version: 1 })
  await expect(
    createWx({ issueCode: () => "0code" })
      .getUserCryptoManager()
      .getLatestUserKey(),
  ).rejects.toEqual({ errMsg: "getLatestUserKey:fail createWx was given neither userKey nor simulator" })
})

test("what else the manager can is not simulated, and says so", async () => {
  const { wx } = await start()
  const manager = wx.getUserCryptoManager() as unknown as { getRandomValues(options: object): unknown }
  expect(() => manager.getRandomValues({ length: 6 })).toThrow(
    "not simulated: wx.getUserCryptoManager().getRandomValues",
  )
})
