import { expect, test } from "vitest"
import { sketch, text } from "../dev/fixture-parts.ts"
import { emptyFeed, type FeedChange, nextFeed } from "../src/page/feed-state.ts"
import { progress } from "../src/page/progress.ts"
import { shownSecret } from "../src/page/shown-secret.ts"
import type { Message } from "../src/protocol.ts"

function message(id: number, facts: Partial<Message> = {}): Message {
  const { after, ...said } = sketch({
    step: null,
    from: "miniprogram",
    to: "server",
    kind: "request",
    line: "GET /me",
    title: text("Who am I", "我是谁"),
  })
  return { ...said, id, at: after + id, exchange: id, ...facts }
}

function after(...changes: FeedChange[]) {
  return changes.reduce(nextFeed, emptyFeed)
}

function told(id: number): FeedChange {
  return { kind: "message", message: message(id) }
}

test("a message that comes again counts once, and a feed that opens anew starts from nothing", () => {
  const ids = (...changes: FeedChange[]) => after(...changes).messages.map(({ id }) => id)
  expect(ids(told(1), told(2), told(2), told(1))).toEqual([1, 2])
  expect(ids(told(7), { kind: "lost" }, { kind: "opened" }, told(1))).toEqual([1])
  expect(ids(told(1), { kind: "cleared" })).toEqual([])
})

test("no more than the latest 500 messages are kept", () => {
  const { messages } = after(...Array.from({ length: 501 }, (_, index) => told(index + 1)))
  expect(messages).toHaveLength(500)
  expect(messages[0]?.id).toBe(2)
})

test("every wx.login() begins the nine steps anew, and the latest step is now", () => {
  const login = [message(1, { step: 1 }), message(2, { step: 2 }), message(3, { step: 7, kind: "lost" })]
  expect([...progress(login)]).toEqual([
    [1, "done"],
    [2, "done"],
    [7, "failed"],
  ])
  expect([...progress([...login, message(4, { step: 1 })])]).toEqual([[1, "now"]])
})

test("a request with no step of its own changes no step", () => {
  expect([...progress([message(1, { step: 8 }), message(2)])]).toEqual([[8, "now"]])
})

test("what the server left of a secret is shown, a whole value never", () => {
  expect(shownSecret("021b…(32)")).toBe("021b…(32)")
  expect(shownSecret("«encrypted, 68 bytes»")).toBe("«encrypted, 68 bytes»")
  expect(shownSecret("tiihtNczf5v6AKRyjwEUhQ==")).not.toContain("tiih")
})
