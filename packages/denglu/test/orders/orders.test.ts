import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openStore } from "../../src/store/open-store.ts"
import type { Store } from "../../src/store/store.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"
import { explore } from "./explore.ts"
import { moreSteps, steps } from "./steps.ts"
import { webSteps } from "./web-steps.ts"

/** `DENGLU_CAMPAIGN=1`: as many as are meant, else as CI has time for. */
const isCampaign = process.env.DENGLU_CAMPAIGN === "1"
const timeout = 7_200_000
const folder = mkdtempSync(join(tmpdir(), "denglu-orders-"))
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await dropPostgres()
  await dropMysql()
})

const always = async () => true
const engines = [
  { name: "memory", there: always, what: "", open: async () => createMemoryStore(), sample: undefined },
  { name: "SQLite", there: always, what: "", open: () => openStore("sqlite::memory:"), sample: undefined },
  {
    name: "PostgreSQL",
    there: hasPostgres,
    what: postgresNeed,
    open: async () => openStore(await freshPostgres()),
    sample: isCampaign ? 3_000 : 30,
  },
  {
    name: "MariaDB",
    there: hasMysql,
    what: mysqlNeed,
    open: async () => openStore(await freshMysql()),
    sample: isCampaign ? 3_000 : 30,
  },
]

describe("whatever two people do in two apps, no session is anybody's who has not proved it, and all that changes is in the audit", () => {
  const few = isCampaign ? 6 : 4
  const many = isCampaign ? 5 : 3

  for (const { name, there, what, open, sample } of engines) {
    const orders = sample === undefined ? "all orders" : `${sample} orders`
    test(`${name}: ${orders} of ${few} of ${steps.length} steps`, { timeout }, async context => {
      need(context, await there(), what)
      const count = await explore({ steps, length: few, open, ...(sample !== undefined && { sample }) })
      expect(count).toBe(sample ?? steps.length ** few)
    })

    const length = isCampaign ? 6 : 3
    test(`${name}: ${orders} of ${length} of the ${webSteps.length} of web pages`, {
      timeout,
    }, async context => {
      need(context, await there(), what)
      const given = { steps: webSteps, length, open, ...(sample !== undefined && { sample }) }
      expect(await explore(given)).toBe(sample ?? webSteps.length ** length)
    })

    const all = [...steps, ...moreSteps]
    test(`${name}: ${orders} of ${many} of ${all.length} steps`, { timeout }, async context => {
      need(context, await there(), what)
      const count = await explore({ steps: all, length: many, open, ...(sample !== undefined && { sample }) })
      expect(count).toBe(sample ?? all.length ** many)
    })
  }
})

/** Ways in which a store could break a promise, and what has to be seen of each. */
const faults: readonly [string, RegExp, (store: Store) => Partial<Store>][] = [
  [
    "opens a session for another person",
    /though the proofs say|login of club/,
    ({ logIn }) => {
      let first: string | undefined
      return {
        logIn(entry) {
          first ??= entry.openid
          return logIn({ ...entry, openid: entry.appid.endsWith("clu") ? first : entry.openid })
        },
      }
    },
  ],
  [
    "guesses that two users with one unionid are one",
    /though the proofs say/,
    ({ logIn, mergeUsers }) => ({
      async logIn(entry) {
        const outcome = await logIn(entry)
        const absorbedId = outcome.kind === "logged_in" ? outcome.conflictsWith : undefined
        if (outcome.kind === "logged_in" && absorbedId !== undefined)
          await mergeUsers({
            id: `${entry.session.id}:guess`,
            survivorId: outcome.user.id,
            absorbedId,
            dropPhone: true,
            actor: "system",
            now: entry.now,
          })
        return outcome
      },
    }),
  ],
  [
    "takes a number from one user for another",
    /and not phone_taken/,
    ({ bindPhone, unbindPhone, findPhoneOwner }) => ({
      async bindPhone(binding) {
        const userId = (await findPhoneOwner(binding.phone)) ?? binding.userId
        const { verifiedAt: now, eventId } = binding
        if (userId !== binding.userId)
          await unbindPhone({ userId, now, eventId: `${eventId}:x`, actor: "system" })
        return bindPhone(binding)
      },
    }),
  ],
  [
    "does not say whose sessions end when a user leaves",
    /the ended session of .* is answered 200/,
    ({ leaveUser }) => ({
      async leaveUser(request) {
        const outcome = await leaveUser(request)
        return outcome.kind === "unknown" ? outcome : { ...outcome, endedSessions: [] }
      },
    }),
  ],
  [
    "does not say whose sessions end by a merge",
    /the ended session of .* is answered 200/,
    ({ mergeUsers }) => ({
      async mergeUsers(request) {
        const outcome = await mergeUsers(request)
        return outcome.kind === "merged" ? { ...outcome, endedSessions: [] } : outcome
      },
    }),
  ],
  [
    "takes anybody's code for the user's own",
    /person_mismatch/,
    ({ logIn, findIdentity }) => {
      let latest = ""
      return {
        async logIn(entry) {
          const outcome = await logIn(entry)
          if (outcome.kind === "logged_in") latest = outcome.user.id
          return outcome
        },
        async findIdentity(appid, openid) {
          const identity = await findIdentity(appid, openid)
          return identity && { ...identity, userId: latest }
        },
      }
    },
  ],
  [
    "records a change twice",
    /the audit has/,
    ({ leaveUser, recordAuditEvent }) => ({
      async leaveUser(request) {
        const { userId, now: at, actor, eventId } = request
        await recordAuditEvent({ id: `${eventId}:x`, at, type: "user.leaving", userId, actor })
        return leaveUser(request)
      },
    }),
  ],
]

test.each(faults)(
  "that is not so, and is found, where a store %s",
  { timeout: 60_000 },
  async (_name, seen, spoil) => {
    const open = async () => createMemoryStore()
    await expect(explore({ steps, length: 5, open, spoil })).rejects.toThrow(seen)
  },
)

test("that nobody is locked out is not so, and is found, where a store gives up the last way in", async () => {
  const open = async () => createMemoryStore()
  const spoil = ({ unbindPhone }: Store): Partial<Store> => ({
    unbindPhone: ({ ways: _, ...request }) => unbindPhone(request),
  })
  await expect(explore({ steps: webSteps.slice(1), length: 3, open, spoil })).rejects.toThrow(
    /and not last_way_in/,
  )
})
