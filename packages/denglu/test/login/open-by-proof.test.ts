import { expect, test } from "vitest"
import { DengluError } from "../../src/errors.ts"
import { createEventHub } from "../../src/events.ts"
import type { FlowContext } from "../../src/login/flows.ts"
import { openByProof } from "../../src/login/open-by-proof.ts"
import { newId } from "../../src/random.ts"
import { entry, logInWith } from "../../src/store/contract/store-case.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { OpenSessionOutcome } from "../../src/store/store.ts"
import { createPurger } from "../../src/user/purge.ts"

const day = 86_400_000
const appid = "wxsim0000000000001"
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const log = { info() {}, warn() {}, error() {} }

/** The flow over a store in memory, with a user; every event is noted. */
async function startFlow() {
  let now = 1_800_000_000_000
  const clock = () => now
  const store = createMemoryStore()
  const events = createEventHub(error => {
    throw error
  })
  const heard: string[] = []
  for (const name of ["user.created", "session.issued", "login.failed", "user.restored"] as const)
    events.on(name, facts => {
      heard.push("code" in facts ? `${name} ${facts.code}` : name)
    })
  const flow = {
    options: {
      apps: new Map([[appid, {}]]),
      sessionIdleLifetime: 30 * 86_400,
      sessionAbsoluteLifetime: 180 * 86_400,
    },
    clock,
    random,
    store,
    events,
    log,
    purger: createPurger({ store, clock, random, events, log, onPurge: undefined, files: [] }),
    accessTokens: { issue: () => ({ token: "access", expiresIn: 1_800 }) },
    refreshTokens: { issue: () => "refresh" },
  } as unknown as FlowContext
  const { user } = await logInWith(store, entry({ now }))
  const change = () => ({ userId: user.id, now, actor: "user", eventId: newId(random) }) as const
  return {
    store,
    heard,
    userId: user.id,
    leave: () => store.leaveUser({ ...change(), leavesAt: now + 7 * day }),
    advance(ms: number) {
      now += ms
    },
    logIn: (restore = false, userId = user.id) =>
      openByProof<Exclude<OpenSessionOutcome, { kind: "opened" | "leaving" }>>(flow, {
        open: given => store.openSessionOf({ ...given, userId, openedBy: "password" }),
        refuse: () => new DengluError("not_found"),
        userAgent: "Mozilla/5.0",
        requestId: "request",
        restore,
      }),
  }
}

test("whoever has proved themselves gets a session of the first app's, without an identity", async () => {
  const { logIn, heard, userId } = await startFlow()
  const { session, user, isNew, accessToken } = await logIn()
  expect([user.id, isNew, accessToken]).toEqual([userId, false, "access"])
  expect(session).toMatchObject({ appid, openid: null, openedBy: "password", userAgent: "Mozilla/5.0" })
  expect(heard).toEqual(["session.issued"])
})

test("what the store refuses is the way's own error, and told", async () => {
  const { logIn, heard } = await startFlow()
  await expect(logIn(false, "nobody")).rejects.toMatchObject({ code: "not_found" })
  expect(heard).toEqual(["login.failed not_found"])
})

test("who is leaving is told until when they may come back, and comes back if they want to", async () => {
  const { logIn, leave, heard, userId } = await startFlow()
  await leave()
  await expect(logIn()).rejects.toMatchObject({ code: "account_deleted", restoreUntil: expect.any(Number) })
  expect((await logIn(true)).user.id).toBe(userId)
  expect((await logIn()).user.id).toBe(userId)
  expect(heard).toEqual(["login.failed account_deleted", "user.restored", "session.issued", "session.issued"])
})

test("whose time to come back is over is erased by their login", async () => {
  const { store, logIn, leave, advance, userId } = await startFlow()
  await leave()
  advance(7 * day)
  await expect(logIn(true)).rejects.toMatchObject({ code: "not_found" })
  expect(await store.findUser(userId)).toBeUndefined()
})
