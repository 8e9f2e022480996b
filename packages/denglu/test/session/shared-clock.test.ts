import { expect, test } from "vitest"
import { openSharedClock } from "../../src/session/shared-clock.ts"

/** A database that is `ahead` of nothing, answers after so many milliseconds, and a monotonic clock. */
function world(answersAfter: readonly number[]) {
  let elapsed = 1_000
  let asleep = 0
  let asked = 0
  const database = { offset: 1_800_000_000_000 }
  return {
    database,
    pass: (ms: number) => {
      elapsed += ms
    },
    /** The machine is suspended: everybody's time goes on, its monotonic clock does not. */
    sleep: (ms: number) => {
      asleep += ms
      database.offset += ms
    },
    asked: () => asked,
    options: {
      elapsed: () => elapsed,
      wall: () => 1_700_000_000_000 + elapsed + asleep,
      ask: async () => {
        const half = (answersAfter[asked % answersAfter.length] as number) / 2
        asked += 1
        elapsed += half
        const answer = database.offset + elapsed
        elapsed += half
        return answer
      },
    },
  }
}

test("it shows the database's time and goes on by the monotonic clock", async () => {
  const { options, pass, database } = world([4])
  const clock = await openSharedClock(options)
  expect(clock.now()).toBe(database.offset + options.elapsed())
  pass(90_000)
  expect(clock.now()).toBe(database.offset + options.elapsed())
})

test("of several answers the fastest counts: one that was slow on its way back moves nothing", async () => {
  let elapsed = 0
  const ways = [800, 2, 300]
  const clock = await openSharedClock({
    elapsed: () => elapsed,
    wall: () => elapsed,
    // Answered at once, but the answer takes its time.
    ask: async () => {
      const answer = 1_800_000_000_000 + elapsed
      elapsed += ways.shift() ?? 2
      return answer
    },
  })
  expect(clock.now() - (1_800_000_000_000 + elapsed)).toBe(-1)
})

test("a database whose time was corrected is followed at the next asking, half a minute later", async () => {
  const { options, database, pass, asked } = world([2])
  const clock = await openSharedClock(options)
  database.offset -= 3_600_000
  pass(29_000)
  const before = asked()
  await clock.keepUp()
  expect(asked()).toBe(before)
  expect(clock.now()).toBe(database.offset + 3_600_000 + options.elapsed())
  pass(1_000)
  await clock.keepUp()
  expect(clock.now()).toBe(database.offset + options.elapsed())
})

test("a machine that has slept asks at once, and a few milliseconds of correction are no sleep", async () => {
  const { options, database, pass, sleep, asked } = world([2])
  const clock = await openSharedClock(options)
  const before = asked()
  pass(400)
  sleep(900)
  await clock.keepUp()
  expect(asked()).toBe(before)
  sleep(3_600_000)
  await clock.keepUp()
  expect(clock.now()).toBe(database.offset + options.elapsed())
})

test("while the database is away it goes on as it was", async () => {
  const { options, database, pass } = world([2])
  let away = false
  const clock = await openSharedClock({
    ...options,
    ask: () => (away ? Promise.reject(new Error("away")) : options.ask()),
  })
  away = true
  pass(30_000)
  await expect(clock.keepUp()).rejects.toThrow("away")
  expect(clock.now()).toBe(database.offset + options.elapsed())
})
