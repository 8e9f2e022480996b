import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { watchStandstill } from "../../src/session/standstill.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A process whose clock may run on while its timers stand still. */
function world(catchUp: () => Promise<unknown>) {
  let frozen = 0
  const start = Date.now()
  const standstill = watchStandstill({ elapsed: () => Date.now() - start + frozen, catchUp })
  return {
    standstill,
    freeze: (ms: number) => {
      frozen += ms
    },
  }
}

test("as long as its timers run nothing is to be waited for, and nothing is asked", async () => {
  const catchUp = vi.fn(async () => {})
  const { standstill, freeze } = world(catchUp)
  for (let round = 0; round < 20; round += 1) {
    await vi.advanceTimersByTimeAsync(500)
    freeze(900)
    expect(standstill.catchingUp()).toBeUndefined()
  }
  expect(catchUp).not.toHaveBeenCalled()
})

test("who wakes waits for what it missed, before any timer has run, and all wait for one answer", async () => {
  let answer = () => {}
  const catchUp = vi.fn(() => new Promise<void>(resolve => (answer = resolve)))
  const { standstill, freeze } = world(catchUp)
  freeze(2_000)
  const waiting = standstill.catchingUp()
  expect(waiting).toBeInstanceOf(Promise)
  expect(standstill.catchingUp()).toBe(waiting)
  expect(catchUp).toHaveBeenCalledTimes(1)
  answer()
  await waiting
  expect(standstill.catchingUp()).toBeUndefined()
})

test("an answer that does not come, or fails, is waited for a second at most", async () => {
  const silent = world(() => new Promise(() => {}))
  silent.freeze(60_000)
  const waiting = silent.standstill.catchingUp()
  await vi.advanceTimersByTimeAsync(1_000)
  await waiting
  expect(silent.standstill.catchingUp()).toBeUndefined()
  const failing = world(() => Promise.reject(new Error("away")))
  failing.freeze(60_000)
  await failing.standstill.catchingUp()
  expect(failing.standstill.catchingUp()).toBeUndefined()
})
