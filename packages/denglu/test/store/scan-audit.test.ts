import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterEach, expect, test } from "vitest"
import { entry } from "../../src/store/contract/store-case.ts"
import { scansInMemory } from "../../src/store/memory-scans.ts"
import { createMemoryState } from "../../src/store/memory-state.ts"
import { openedSession } from "../../src/store/session-rules.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import type { ScanStore } from "../../src/store/store.ts"

const now = 1_800_000_000_000
const person = entry({ now, newUserId: "alice", sessionId: "phone" })
const phone = { userId: "alice", sessionId: "phone", now }
let folder: string | undefined
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true })
  folder = undefined
})

/** Every way a ticket can be answered, each tried once more than it counts. */
async function answerAll(store: ScanStore): Promise<void> {
  for (const id of ["yes", "wrong", "no", "not-me"]) {
    await store.createScan({
      id,
      sceneDigest: id,
      secretDigest: id,
      number: "47",
      appid: person.appid,
      origin: null,
      userAgent: "Chrome",
      place: null,
      createdAt: now,
      expiresAt: now + 1,
    })
    await store.openScan({ sceneDigest: id, ...phone, appid: person.appid })
  }
  const ends = { idleExpiresAt: now + 1, absoluteExpiresAt: now + 1, userAgent: "Chrome" }
  for (let tries = 0; tries < 2; tries += 1) {
    await store.confirmScan({ id: "yes", number: "47", ...phone })
    await store.redeemScan({
      id: "yes",
      secretDigest: "yes",
      now,
      session: { id: `browser${tries}`, ...ends },
    })
    await store.confirmScan({ id: "wrong", number: "48", ...phone })
    await store.denyScan({ id: "no", notMe: false, ...phone })
    await store.denyScan({ id: "not-me", notMe: true, ...phone })
  }
}

const about = { at: now, userId: "alice", appid: person.appid, actor: "user" }
const recorded = [
  { ...about, id: "no:scan.denied", type: "scan.denied", sessionId: "phone" },
  { ...about, id: "not-me:scan.reported", type: "scan.reported", sessionId: "phone" },
  {
    ...about,
    id: "wrong:scan.denied",
    type: "scan.denied",
    sessionId: "phone",
    detail: { reason: "number_wrong" },
  },
  { ...about, id: "yes:scan.confirmed", type: "scan.confirmed", sessionId: "phone" },
  {
    ...about,
    id: "browser0:opened",
    type: "session.opened",
    sessionId: "browser0",
    detail: { by: "scan" },
  },
]
const byId = (one: { readonly id: string }, other: { readonly id: string }) => (one.id < other.id ? -1 : 1)

test("each answer to a scan and each session by scanning is audited once, in memory", async () => {
  const state = createMemoryState()
  state.sessions.set("phone", openedSession(person, "alice"))
  await answerAll(scansInMemory(state, async work => work()))
  expect([...state.audit].sort(byId)).toEqual([...recorded].sort(byId))
})

test("and in databases", async () => {
  folder = mkdtempSync(join(tmpdir(), "denglu-scan-audit-"))
  const path = join(folder, "login.db")
  const store = await openSqliteStore({ path })
  await store.logIn(person)
  await answerAll(store)
  await store.close()
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database
    .prepare(
      `SELECT id, at, type, user_id AS userId, session_id AS sessionId, appid, actor, detail FROM audit
        WHERE type LIKE 'scan.%' OR session_id LIKE 'browser%'`,
    )
    .all()
  database.close()
  const events = rows.map(({ detail, ...event }) => ({
    ...event,
    ...(detail !== null && { detail: JSON.parse(String(detail)) }),
  }))
  expect((events as unknown as { id: string }[]).sort(byId)).toEqual([...recorded].sort(byId))
})
