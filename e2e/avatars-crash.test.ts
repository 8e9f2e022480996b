import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { crc32, deflateSync } from "node:zlib"
import { startSimulator } from "@denglu/simulator"
import { createLogin } from "denglu"
import { afterAll, expect, test, vi } from "vitest"
import { type Child, seeded, startChild } from "./support/child.ts"

const kills = 6
const people = 6
const folder = mkdtempSync(join(tmpdir(), "denglu-avatars-crash-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const pictures = join(folder, "avatars")

test(`killed with SIGKILL ${kills} times during uploads, every avatar that is named is there, and no other is left`, {
  timeout: 120_000,
}, async () => {
  const simulator = await startSimulator({ port: 0 })
  const apps = simulator.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret }))
  const options = {
    apps,
    store: `sqlite:${join(folder, "login.db")}`,
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-avatars",
    limits: false as const,
    avatars: { storage: `file:${pictures}`, publicUrl: "http://login.test" },
    wechat: { simulator: simulator.url },
  }
  const start = async (port: number): Promise<readonly [Child, number]> => {
    const child = startChild("login-server.ts", [JSON.stringify({ port, ...options })])
    return [child, Number((await child.printed(/listening (\d+)/))[1])]
  }
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  let [server, port] = await start(0)
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(10_000) })

  let isOver = false
  let kept = 0
  const tokens: string[] = []
  for (let n = 0; n < people; n += 1) {
    const body = JSON.stringify({ code: simulator.simulator.issueCode({ user: `person ${n}` }) })
    tokens.push(
      ((await (await ask("/login", { method: "POST", body })).json()) as { access_token: string })
        .access_token,
    )
  }
  const uploading = tokens.map(async token => {
    const headers = { authorization: `Bearer ${token}` }
    while (!isOver) {
      // While it is killed nobody answers; an hour's uploads end with 429.
      const answer = await ask("/me/avatar", { method: "POST", headers, body: picture() }).catch(
        () => undefined,
      )
      if (answer?.status === 200) kept += 1
      else await new Promise(resolve => setTimeout(resolve, 20))
      await answer?.body?.cancel()
    }
  })
  for (let killed = 0; killed < kills; killed += 1) {
    await new Promise(resolve => setTimeout(resolve, 50 + random() * 150))
    await server.end("SIGKILL")
    ;[server, port] = await start(port)
  }
  isOver = true
  await Promise.all(uploading)
  expect(kept, `seed ${seed}`).toBeGreaterThan(people)

  const shown: string[] = []
  for (const token of tokens) {
    const me = await ask("/me", { headers: { authorization: `Bearer ${token}` } })
    const { avatar_url } = (await me.json()) as { avatar_url: string | null }
    if (avatar_url === null) continue
    const { pathname } = new URL(avatar_url)
    expect([`seed ${seed}`, (await ask(pathname)).status]).toEqual([`seed ${seed}`, 200])
    shown.push(pathname.slice("/avatars/".length))
  }
  await server.end("SIGKILL")
  const left = readdirSync(pictures).length - shown.length
  console.log(`${kept} uploads, ${left} files left by kills`)

  // Two hours later the upkeep of whoever is started removes what nobody uses; it looks once a minute.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  const login = await createLogin({ ...options, clock: () => Date.now() + 7_200_000 })
  await vi.advanceTimersByTimeAsync(60_000)
  vi.useRealTimers()
  await expect
    .poll(() => readdirSync(pictures).sort(), { timeout: 10_000, message: `seed ${seed}` })
    .toEqual(shown.sort())
  await login.close()
  await simulator.close()
})

/** 32 by 32 grey pixels, as PNG. */
function picture(): Uint8Array<ArrayBuffer> {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(data.length)
    ends.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
  }
  const header = Buffer.from([0, 0, 0, 32, 0, 0, 0, 32, 8, 0, 0, 0, 0])
  const signature = Buffer.from("89504e470d0a1a0a", "hex")
  const pixels = chunk("IDAT", deflateSync(Buffer.alloc(33 * 32)))
  return Uint8Array.from(
    Buffer.concat([signature, chunk("IHDR", header), pixels, chunk("IEND", Buffer.alloc(0))]),
  )
}
