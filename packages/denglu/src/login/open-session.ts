import { DengluError } from "../errors.ts"
import { describeError } from "../log.ts"
import type { SettledApp } from "../options.ts"
import { newId } from "../random.ts"
import { type Sealer, sessionKeyBinding } from "../session/sealer.ts"
import {
  type LeavingOutcome,
  type LoggedIn,
  type LogInEntry,
  noSessionKey,
  type SealedSessionKey,
} from "../store/store.ts"
import type { Person } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import type { IssuedTokens } from "./issue-tokens.ts"
import { handOut, letBackIn, newSession } from "./opening.ts"

export interface OpenInput {
  readonly userAgent: string
  readonly requestId: string
  /** The person wants back the account they have deleted. Default is `false`. */
  readonly restore?: boolean | undefined
}

/**
 * Steps 5 to 7 of the login: the user behind the person, a session, its tokens.
 *
 * @throws DengluError `account_deleted` for who is leaving, unless they want to stay after all
 */
export async function openSession(
  flow: FlowContext,
  app: Pick<SettledApp, "appid" | "openPlatform">,
  person: Person,
  { userAgent, requestId, restore: restores = false }: OpenInput,
): Promise<IssuedTokens> {
  const { store } = flow
  const { appid } = app
  const makeEntry = () => entryOf(flow, app, person, userAgent)
  const first = await store.logIn(makeEntry())
  const { user, isNew, session, conflictsWith } =
    first.kind === "logged_in" ? first : await logInLeaver(flow, makeEntry, first, restores, requestId)
  if (conflictsWith !== undefined) await tellConflict(flow, user.id, conflictsWith, appid, requestId)
  return handOut(flow, { user, isNew, session }, requestId)
}

function entryOf(
  flow: FlowContext,
  { appid, openPlatform }: Pick<SettledApp, "appid" | "openPlatform">,
  person: Person,
  userAgent: string,
): LogInEntry {
  const { openid, unionid } = person
  return {
    now: flow.clock(),
    appid,
    openid,
    ...(unionid === undefined ? {} : { unionid }),
    openPlatform,
    sessionKey: sealSessionKey(flow.sealer, appid, person),
    newUserId: newId(flow.random),
    session: newSession(flow, userAgent),
  }
}

/** Logs in who was leaving. The second login has ids of its own, as every login. */
async function logInLeaver(
  flow: FlowContext,
  makeEntry: () => LogInEntry,
  leaving: LeavingOutcome,
  restores: boolean,
  requestId: string,
): Promise<LoggedIn> {
  await letBackIn(flow, leaving, restores, requestId)
  const outcome = await flow.store.logIn(makeEntry())
  if (outcome.kind === "logged_in") return outcome
  throw new DengluError("account_deleted", { restoreUntil: outcome.leavesAt })
}

/** How long (ms) nothing more is said of the same two users. */
const tellConflictEvery = 86_400_000

/** Of every login of theirs some stores tell it again. A login never fails for it. */
async function tellConflict(
  { store, clock, events, log }: FlowContext,
  userId: string,
  otherUserId: string,
  appid: string,
  requestId: string,
): Promise<void> {
  const now = clock()
  try {
    if (!(await store.seeOnce(`conflict ${userId} ${otherUserId}`, now + tellConflictEvery, now))) return
  } catch (error) {
    log.warn({ error: describeError(error) }, "whether a conflict was told before can't be found out")
  }
  events.emit("user.conflict", { userId, otherUserId, appid, requestId })
}

/** What a store keeps of the person's `session_key`. */
export function sealSessionKey(
  sealer: Sealer,
  appid: string,
  { openid, sessionKey }: Pick<Person, "openid" | "sessionKey">,
): SealedSessionKey {
  if (sessionKey === undefined) return noSessionKey
  return {
    sealed: sealer.seal(sessionKeyBinding(appid, openid), sessionKey),
    fingerprint: sealer.fingerprint(sessionKey),
  }
}
