import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createLoadShedder, type LoadShedder } from "../../src/http/load-shedder.ts"

let elapsed = 0
let busy = 0
let shedder: LoadShedder
/** Who is under way, and who was refused. */
let inside = 0
let refused = 0

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
  elapsed = 0
  busy = 0
  inside = 0
  refused = 0
  shedder = createLoadShedder({ elapsed: () => elapsed, busy: () => busy, most: 2_000 })
})
afterEach(() => {
  shedder.close()
  vi.useRealTimers()
})

/** A look at the event loop that comes so late, and finds it busy for so much of the time. */
async function look({ late = 0, share = 0 } = {}): Promise<void> {
  elapsed += 50 + late
  busy += (50 + late) * share
  vi.advanceTimersByTime(50)
  await settled()
}

const overloaded = { share: 1 }
const settled = () => new Promise(resolve => setImmediate(resolve))

/** So many requests come at once. */
async function arrive(count: number): Promise<void> {
  for (let come = 0; come < count; come += 1) {
    const entered = shedder.enter()
    if (entered === true) inside += 1
    else
      void entered.then(isIn => {
        if (isIn) inside += 1
        else refused += 1
      })
  }
  await settled()
}

async function leave(count: number): Promise<void> {
  inside -= count
  for (let left = 0; left < count; left += 1) shedder.leave()
  await settled()
}

test("while the loop has time left, places grow with what is asked for, up to the most, and nobody is refused", async () => {
  await arrive(256)
  expect(inside).toBe(256)
  for (let come = 256; come < 2_000; come += 109) {
    await arrive(109)
    await look()
    await look()
  }
  expect([inside, refused]).toEqual([2_000, 0])
})

test("who finds no place waits in line, and the longest is the next", async () => {
  await arrive(256)
  const waiting = [shedder.enter(), shedder.enter()]
  const heard: number[] = []
  waiting.forEach((entered, index) => {
    void Promise.resolve(entered).then(() => heard.push(index))
  })
  await settled()
  expect(heard).toEqual([])
  await leave(1)
  expect(heard).toEqual([0])
  await leave(1)
  expect(heard).toEqual([0, 1])
})

test("with no time left nobody waits in line for longer than half a second: then it is a refusal", async () => {
  await arrive(300)
  for (let round = 0; round < 9; round += 1) await look(overloaded)
  expect([inside, refused]).toEqual([256, 0])
  await look(overloaded)
  expect([inside, refused]).toEqual([256, 44])
})

test("with no time left the number of places goes down, but never below 256, and up again afterwards", async () => {
  for (let round = 0; round < 30; round += 1) {
    await arrive(50)
    await look()
  }
  expect(inside).toBe(1_500)
  for (let round = 0; round < 20; round += 1) {
    await look(overloaded)
    await leave(Math.min(inside, 100))
    await arrive(100)
  }
  expect(inside).toBe(256)
  for (let round = 0; round < 20; round += 1) {
    await arrive(50)
    await look()
  }
  expect(inside).toBeGreaterThan(1_000)
})

test("the loop held up once is nothing: who comes then gets a place", async () => {
  for (let round = 0; round < 10; round += 1) {
    await arrive(50)
    await look()
  }
  expect(inside).toBe(500)
  await look({ late: 300, share: 1 })
  await leave(100)
  await arrive(100)
  expect([inside, refused]).toEqual([500, 0])
})

test("late is busy, however little of the time was ours: the machine has no time left", async () => {
  for (let round = 0; round < 10; round += 1) {
    await arrive(50)
    await look()
  }
  for (let round = 0; round < 8; round += 1) await look({ late: 60, share: 0.2 })
  await leave(200)
  await arrive(200)
  expect(inside).toBeLessThan(400)
})

test("what fails at once lets nobody else in without end between two looks", async () => {
  for (let count = 0; count < 2_000; count += 1) {
    await arrive(1)
    await leave(1)
  }
  expect(inside).toBe(0)
  await arrive(1)
  expect(inside).toBe(0)
  await look()
  expect(inside).toBe(1)
})

test("of more than can wait, the last are refused at once; closed, everybody who waits is", async () => {
  await arrive(256 + 8_192)
  expect([inside, refused]).toEqual([256, 0])
  await arrive(3)
  expect(refused).toBe(3)
  shedder.close()
  await settled()
  expect(refused).toBe(3 + 8_192)
})
