import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createLoadShedder, type LoadShedder } from "../../src/http/load-shedder.ts"

let elapsed = 0
let shedder: LoadShedder

beforeEach(() => {
  vi.useFakeTimers()
  elapsed = 0
  shedder = createLoadShedder({ elapsed: () => elapsed, most: 1_000 })
})
afterEach(() => {
  shedder.close()
  vi.useRealTimers()
})

/** So many looks at the event loop, each so late. */
function look(times: number, late = 0): void {
  for (let count = 0; count < times; count += 1) {
    elapsed += 50 + late
    vi.advanceTimersByTime(50)
  }
}

/** Takes places until one is refused, and gives them back. */
function places(): number {
  let taken = 0
  while (taken < 2_000 && shedder.enter()) taken += 1
  for (let left = taken; left > 0; left -= 1) shedder.leave()
  return taken
}

function hold(count: number): void {
  for (let taken = 0; taken < count; taken += 1) expect(shedder.enter()).toBe(true)
}

test("on time, there are as many places as at most", () => {
  look(100)
  expect(places()).toBe(1_000)
})

test("late once is nothing: a burst is taken as before", () => {
  hold(300)
  look(1, 400)
  look(1)
  for (let left = 300; left > 0; left -= 1) shedder.leave()
  expect(places()).toBe(1_000)
})

test("late again and again, places are cut to fewer than are taken, but never below what a burst may take", () => {
  hold(600)
  look(2, 400)
  expect(shedder.enter()).toBe(false)
  look(50, 400)
  for (let left = 600; left > 0; left -= 1) shedder.leave()
  expect(places()).toBe(128)
})

test("on time again, places grow back", () => {
  hold(600)
  look(10, 400)
  for (let left = 600; left > 0; left -= 1) shedder.leave()
  look(20)
  expect(places()).toBeGreaterThan(250)
  look(100)
  expect(places()).toBe(1_000)
})
