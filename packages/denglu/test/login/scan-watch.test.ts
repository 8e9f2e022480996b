import { expect, test } from "vitest"
import { createScanWatch, statusOf } from "../../src/login/scan/scan-watch.ts"
import type { Scan, ScanStore } from "../../src/store/store.ts"

const never = new AbortController().signal
/** So long (ms) that in no test it comes to pass. */
const long = 100_000_000

const scan = (id: string, more: Partial<Scan> = {}): Scan => ({
  id,
  sceneDigest: "",
  secretDigest: "",
  number: "47",
  appid: "",
  origin: null,
  userAgent: "",
  place: null,
  state: "waiting",
  userId: null,
  createdAt: 0,
  expiresAt: 1_000,
  ...more,
})

/** A watch over tickets that a test changes; how often it looks at the store is seen in `looks`. */
function watchOver(options: { most?: number; everyMs?: number; findScans?: ScanStore["findScans"] } = {}) {
  const kept = new Map<string, Scan>()
  const looks: (readonly string[])[] = []
  let now = 0
  const watch = createScanWatch({
    store: {
      async findScans(ids) {
        looks.push(ids)
        return options.findScans?.(ids) ?? ids.flatMap(id => kept.get(id) ?? [])
      },
    },
    clock: () => now,
    most: options.most ?? 10,
    everyMs: options.everyMs ?? long,
  })
  const advance = (ms: number) => {
    now += ms
  }
  return { ...watch, watch, kept, looks, advance }
}

test("whoever waits hears at once of what happens in this process", async () => {
  const { changed, tell, kept, looks } = watchOver()
  const waiting = changed(scan("a"), "waiting", long, never)
  kept.set("a", scan("a", { state: "opened" }))
  tell("b")
  tell("a")
  expect((await waiting).state).toBe("opened")
  expect(looks).toEqual([["a"]])
})

test("all who wait are one question to the store, a hundred tickets at a time", async () => {
  const { changed, kept, looks } = watchOver({ most: 1_000, everyMs: 1 })
  const waiting = Array.from({ length: 250 }, (_, index) =>
    changed(scan(`t${index}`), "waiting", long, never),
  )
  for (let index = 0; index < 250; index += 1) kept.set(`t${index}`, scan(`t${index}`, { state: "denied" }))
  const found = await Promise.all(waiting)
  expect(found.every(({ state }) => state === "denied")).toBe(true)
  expect(looks.map(ids => ids.length)).toEqual([100, 100, 50])
})

test("a ticket's end is heard of also while the store is away", async () => {
  const { changed, advance, looks } = watchOver({
    everyMs: 1,
    findScans: () => Promise.reject(new Error("away")),
  })
  const waiting = changed(scan("a"), "waiting", long, never)
  advance(1_000)
  expect(statusOf(await waiting, 1_000)).toBe("expired")
  expect(looks.length).toBeGreaterThan(0)
})

test("nobody waits in vain: for what is known to be over, after their time, when they go, and at the release", async () => {
  const { watch, changed, release } = watchOver()
  expect((await changed(scan("a", { state: "opened" }), "waiting", long, never)).state).toBe("opened")
  await changed(scan("a"), "waiting", 1, never)
  const gone = new AbortController()
  const left = changed(scan("a"), "waiting", long, gone.signal)
  const stays = changed(scan("a"), "waiting", long, never)
  expect(watch.waiting).toBe(2)
  gone.abort()
  await left
  expect(watch.waiting).toBe(1)
  release()
  await stays
  expect([watch.waiting, watch.full]).toEqual([0, true])
  await changed(scan("a"), "waiting", long, never)
})

test("no more wait than may", async () => {
  const { watch, changed, release } = watchOver({ most: 2 })
  const [one, other] = ["a", "b"].map(id => changed(scan(id), "waiting", long, never))
  expect(watch.full).toBe(true)
  await changed(scan("c"), "waiting", long, never)
  release()
  await Promise.all([one, other])
})
