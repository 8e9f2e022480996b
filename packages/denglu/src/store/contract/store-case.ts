import assert from "node:assert/strict"
import type { LoggedIn, LogInEntry, Occasion, ProfileChange, Store, UserProfile } from "../store.ts"

/** Opens a store that holds nothing, and the next call opens another. */
export type OpenStore = () => Promise<Store>

/** One promise of the store, checked. `run` rejects with an `AssertionError` if it is not kept. */
export interface StoreCase {
  readonly name: string
  run(open: OpenStore): Promise<void>
}

/** The moment at which all cases begin. */
export const start = 1_800_000_000_000
export const minute = 60_000
export const day = 86_400_000

let count = 0

/** A login of a person nobody has seen, with everything else said that is not given. */
export function entry(given: Partial<LogInEntry> & { readonly sessionId?: string } = {}): LogInEntry {
  count += 1
  const { sessionId = `session${count}`, ...rest } = given
  const now = given.now ?? start
  return {
    now,
    appid: "wxsim0000000000001",
    openid: `openid${count}`,
    openPlatform: "default",
    sessionKey: { sealed: `sealed${count}`, fingerprint: `fingerprint${count}` },
    newUserId: `user${count}`,
    session: {
      id: sessionId,
      idleExpiresAt: now + 30 * day,
      absoluteExpiresAt: now + 180 * day,
      userAgent: "MicroMessenger",
    },
    ...rest,
  }
}

/** An id for an event that nobody has had. */
export function eventId(): string {
  count += 1
  return `event${count}`
}

/** When signing keys are changed, and by whom. */
export function occasion(given: Partial<Occasion> = {}): Occasion {
  return { now: start, eventId: eventId(), actor: "system", ...given }
}

/** Logs a fresh person in, and fails if they are not logged in. */
export function logIn(store: Store, given: Parameters<typeof entry>[0] = {}): Promise<LoggedIn> {
  return logInWith(store, entry(given))
}

/** Logs in, and fails if it does not come about. */
export async function logInWith(store: Store, given: LogInEntry): Promise<LoggedIn> {
  const outcome = await store.logIn(given)
  assert.equal(outcome.kind, "logged_in")
  return outcome as LoggedIn
}

/** Changes a profile as the user does, at the moment given. Answers the user after it; `undefined` if there is none. */
export async function changeProfile(
  store: Store,
  userId: string,
  change: ProfileChange,
  now = start,
  id = eventId(),
): Promise<UserProfile | undefined> {
  const outcome = await store.changeProfile({ userId, change, now, actor: "user", eventId: id })
  return outcome.kind === "changed" ? outcome.user : undefined
}

/** Opens a store, runs the case, closes the store whatever happens. */
export function storeCase(name: string, body: (store: Store) => Promise<void>): StoreCase {
  return {
    name,
    async run(open) {
      const store = await open()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    },
  }
}

export function times<Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)))
}
