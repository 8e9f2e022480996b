import { expect, test } from "vitest"
import { LoginError } from "../src/index.ts"
import { type ScanParts, type ScanView, startScan } from "../src/scan.ts"
import type { ScanStatus, User } from "../src/wire.ts"

const user = { id: "u1", nickname: null, avatar_url: null, created_at: "2026-01-01T00:00:00Z" } as User

/** A server that answers its states one after another; an error among them is thrown. */
function serve(states: readonly (ScanStatus | Error)[], binding: "cookie" | "value" = "value") {
  const asked: string[] = []
  const secrets: (string | undefined)[] = []
  const shown: string[] = []
  const paused: number[] = []
  let codes = 0
  let next = 0
  const parts: ScanParts = {
    binding,
    async send(method, path, { body, secret, signal }) {
      if (signal.aborted) throw new LoginError("cancelled")
      asked.push(`${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`)
      if (path === "/scan") {
        codes += 1
        const more = binding === "value" ? { secret: `secret${codes}` } : {}
        return { id: `t${codes}`, image: "data:image/png;base64,", number: "42", expires_in: 180, ...more }
      }
      secrets.push(secret)
      if (path.endsWith("/redeem")) return { user }
      const state = states[next]
      next += 1
      if (state instanceof Error) throw state
      return { status: state ?? "waiting" }
    },
    take: reply => reply.user,
    pause: async ms => void paused.push(ms),
  }
  const view: ScanView = {
    onCode: ({ number }) => shown.push(`code ${number}`),
    onStatus: status => shown.push(status),
  }
  return { parts, view, asked, secrets, shown, paused }
}

test("a scan goes from its code to the session, and proves by its secret that it is its own", async () => {
  const { parts, view, asked, secrets, shown } = serve(["waiting", "opened", "confirmed"])
  expect(await startScan(parts, view).done).toEqual(user)
  expect(shown).toEqual(["code 42", "waiting", "opened", "confirmed"])
  expect(asked).toEqual([
    'POST /scan {"binding":"value"}',
    "GET /scan/t1?wait=20&status=waiting",
    "GET /scan/t1?wait=20&status=waiting",
    "GET /scan/t1?wait=20&status=opened",
    "POST /scan/t1/redeem",
  ])
  expect(new Set(secrets)).toEqual(new Set(["secret1"]))
})

test("with cookies no secret is handled at all", async () => {
  const { parts, view, asked, secrets } = serve(["confirmed"], "cookie")
  await startScan(parts, view).done
  expect(asked[0]).toBe('POST /scan {"binding":"cookie"}')
  expect(secrets).toEqual([undefined, undefined])
})

test("a code that runs out is replaced by another one, ten times at most", async () => {
  const again = serve(["expired", "opened", "confirmed"])
  expect(await startScan(again.parts, again.view).done).toEqual(user)
  expect(again.shown.filter(text => text.startsWith("code"))).toHaveLength(2)
  const night = serve(Array.from({ length: 30 }, () => "expired" as const))
  await expect(startScan(night.parts, night.view).done).rejects.toMatchObject({ code: "timeout" })
  expect(night.asked.filter(text => text.startsWith("POST /scan "))).toHaveLength(10)
})

test("a denial ends it", async () => {
  const { parts, view, asked } = serve(["opened", "denied"])
  await expect(startScan(parts, view).done).rejects.toMatchObject({ code: "cancelled" })
  expect(asked.some(text => text.endsWith("/redeem"))).toBe(false)
})

test("a network that fails now and then is waited for; one that stays away is told of", async () => {
  const lost = () => new LoginError("network")
  const shaky = serve([lost(), lost(), "opened", lost(), "confirmed"])
  expect(await startScan(shaky.parts, shaky.view).done).toEqual(user)
  expect(shaky.paused).toEqual([1_000, 2_000, 1_000])
  const gone = serve(Array.from({ length: 9 }, lost))
  await expect(startScan(gone.parts, gone.view).done).rejects.toMatchObject({ code: "network" })
})

test("cancel breaks it off, and no session comes of it", async () => {
  const { parts, view } = serve(["waiting", "waiting"])
  const scan = startScan(parts, { ...view, onStatus: () => scan.cancel() })
  await expect(scan.done).rejects.toMatchObject({ code: "cancelled" })
})
