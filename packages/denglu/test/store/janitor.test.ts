import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { afterAll, expect, test } from "vitest"
import { day, logIn, minute, start } from "../../src/store/contract/store-case.ts"
import { startJanitor } from "../../src/store/janitor.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-janitor-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("30,000 sessions that are over are removed from SQLite without holding the loop for 50 ms", async () => {
  const store = await openSqliteStore({ path: join(folder, "login.db") })
  for (let batch = 0; batch < 60; batch += 1)
    await Promise.all(Array.from({ length: 500 }, (_, index) => logIn(store, { openid: `person ${index}` })))
  const alive = await logIn(store, { now: start + 40 * day })
  const janitor = startJanitor({
    store,
    clock: () => start + 40 * day,
    everyMs: minute,
    keepRevocationsFor: minute,
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  expect(await janitor.sweep()).toBe(30_000)
  delay.disable()
  console.log(`longest hold of the loop: ${(delay.max / 1e6).toFixed(1)} ms`)
  expect(delay.max / 1e6).toBeLessThan(50)
  expect((await store.findSession(alive.session.id))?.id).toBe(alive.session.id)
  expect(await janitor.sweep()).toBe(0)
  await janitor.stop()
  await store.close()
})

test("callers who ask for a sweep while one is under way share it, and stopping waits for the step", async () => {
  const store = createMemoryStore()
  for (let index = 0; index < 1200; index += 1) await logIn(store)
  const janitor = startJanitor({
    store,
    clock: () => start + 40 * day,
    everyMs: minute,
    keepRevocationsFor: minute,
  })
  const both = [janitor.sweep(), janitor.sweep()]
  expect(await Promise.all(both)).toEqual([1200, 1200])
  await janitor.stop()
})

test("a sweep that fails is told, and the next one is tried", async () => {
  let calls = 0
  const failures: unknown[] = []
  const janitor = startJanitor({
    store: {
      async purge() {
        calls += 1
        throw new Error("away")
      },
    },
    clock: () => start,
    everyMs: 1,
    keepRevocationsFor: minute,
    onError: error => failures.push(error),
  })
  await expect.poll(() => calls).toBeGreaterThan(2)
  expect(failures.length).toBeGreaterThan(1)
  await janitor.stop()
})
