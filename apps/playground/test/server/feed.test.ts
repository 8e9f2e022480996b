import { afterEach, expect, test, vi } from "vitest"
import { openRig, type Rig } from "./playground-rig.ts"

afterEach(() => vi.useRealTimers())

const me = (rig: Rig) => rig.send("GET", "/me")
const count = (kind: string) => (events: readonly { readonly kind: string }[]) =>
  events.filter(event => event.kind === kind).length

test("a page that comes late is told the state first, then what was, then what is", async () => {
  const rig = await openRig()
  await me(rig)
  const feed = await rig.feed()
  await me(rig)
  const events = await feed.until(seen => count("message")(seen) === 4)
  expect(events.map(({ kind }) => kind)).toEqual(["state", "message", "message", "message", "message"])
  expect(events[0]).toMatchObject({
    state: {
      person: "alice",
      armed: [],
      server: "up",
      addresses: { login: rig.server.url, simulator: rig.url },
    },
  })
  expect(feed.text()).toMatch(/^retry: \d+\n\n/)
})

test("at most the last 500 messages are told again", async () => {
  const rig = await openRig()
  for (let request = 0; request < 260; request++) await me(rig)
  const messages = await rig.messages()
  expect(messages).toHaveLength(500)
  expect(messages.at(-1)?.id).toBe(520)
})

test("a page that comes back is told what it missed and nothing twice", async () => {
  const rig = await openRig()
  await me(rig)
  const feed = await rig.feed()
  await feed.until(seen => count("message")(seen) === 2)
  feed.close()
  await me(rig)
  const again = await rig.feed(feed.lastId())
  const events = await again.until(seen => count("message")(seen) === 2)
  expect(events.flatMap(event => (event.kind === "message" ? [event.message.id] : []))).toEqual([3, 4])
})

test("a page that comes back from before a clearing, or another start, begins afresh", async () => {
  const rig = await openRig()
  await me(rig)
  const feed = await rig.feed()
  await feed.until(seen => count("message")(seen) === 2)
  feed.close()
  await rig.control({ control: "clear" })
  await me(rig)
  for (const lastId of [feed.lastId(), "000000000000-2"]) {
    const again = await rig.feed(lastId)
    const events = await again.until(seen => count("message")(seen) === 2)
    expect(events.map(({ kind }) => kind)).toEqual(["state", "cleared", "message", "message"])
  }
})

test("a feed with nothing to tell says every 15 seconds that it is still there", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
  const rig = await openRig()
  const feed = await rig.feed()
  await feed.until(seen => seen.length === 1)
  vi.advanceTimersByTime(15_000)
  await rig.control({ control: "clear" })
  await feed.until(seen => count("cleared")(seen) === 1)
  expect(feed.text()).toContain("\n\n: still here\n\n")
})

test("the feed ends when the playground is closed", async () => {
  const rig = await openRig()
  const feed = await rig.feed()
  await rig.closePlayground()
  await feed.ended
})
