import { expect, test } from "vitest"
import { openRig } from "./playground-rig.ts"

/** Whether any eight characters of the secret in a row stand in the text. */
function leaks(text: string, secret: string): boolean {
  for (let start = 0; start + 8 <= secret.length; start++)
    if (text.includes(secret.slice(start, start + 8))) return true
  return false
}

test("no code, token, secret, session_key or phone number leaves in full, wherever it stands", async () => {
  const rig = await openRig()
  const feed = await rig.feed()
  const { backend, relay } = rig.stage
  const codes = [await backend.issueCode(), await backend.issuePhoneCode()]
  const { body } = await rig.send("POST", "/login", { body: { code: codes[0] } })
  const { body: next } = await rig.send("POST", "/refresh", { body: { refresh_token: body.refresh_token } })
  const token = next.access_token
  const data = (await backend.encryptData()) as Readonly<Record<string, string>>
  const unseen = "sK3e9xQ0vB7nM2pL8tRwYg=="
  await relay?.(
    {
      method: "POST",
      url: `${rig.server.url}/orders/${body.access_token}/${codes[1]}/${encodeURIComponent([...rig.sessionKeys()][0] ?? "")}?token=${token}&note=${codes[0]}&phone=13800138000`,
      headers: {
        Authorization: `Bearer ${token}`,
        Cookie: `sid=${unseen}`,
        "X-Other": `see ${body.refresh_token}`,
      },
      body: Buffer.from(
        JSON.stringify({
          session_key: unseen,
          deep: { list: [{ note: `my code was ${codes[0]}` }, token], access_token: { half: unseen } },
          text: "call 13800138000 or +8613900139000",
          [next.refresh_token]: rig.appSecret,
          number: 13_700_137_000,
        }),
      ),
    },
    async () => ({
      status: 200,
      headers: { "Set-Cookie": `sid=${unseen}`, "content-type": "text/plain" },
      body: Buffer.from(`the secret is ${unseen}, the token ${token}`),
    }),
  )
  await rig.send("PATCH", "/me", { token, body: { nickname: "13600136000" } })
  await rig.control({ control: "code-used" })
  codes.push(await backend.issueCode())
  await rig.send("POST", "/login", { body: { code: codes[2] } })
  await rig.control({ control: "log-out-elsewhere" })
  await rig.control({ control: "clear" })
  await feed.until(seen => seen.some(({ kind }) => kind === "cleared"))

  const text = feed.text()
  const refreshTokens = [body.refresh_token, next.refresh_token].map(refresh => refresh.split(".")[3])
  const secrets = [
    ...codes,
    ...refreshTokens,
    body.access_token,
    token,
    unseen,
    rig.appSecret,
    data.encryptedData ?? "",
    data.signature ?? "",
    ...["13800138000", "13900139000", "13700137000", "13600136000"],
    ...rig.sessionKeys(),
    ...rig.simulator
      .state()
      .users.flatMap(user => [user.phone, ...Object.values(user.openids), user.unionid ?? ""]),
  ]
  expect(rig.sessionKeys().length).toBeGreaterThan(0)
  expect(secrets.every(secret => secret.length >= 8)).toBe(true)
  expect(secrets.filter(secret => leaks(text, secret))).toEqual([])
  expect(text.length).toBeGreaterThan(20_000)
})
