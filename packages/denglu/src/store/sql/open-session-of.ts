import type { OpeningStore, OpenSessionOutcome, OpenSessionRequest } from "../opening-store.ts"
import { openedEvent, openedWithout } from "../session-rules.ts"
import type { Session } from "../store.ts"
import { recordEvent } from "./audit-events.ts"
import { insertSession } from "./open-session.ts"
import { lockUsers, type UserRow } from "./owners.ts"
import { readUser } from "./rows.ts"
import { type Dialect, type Script, type ScriptRunner, statement } from "./script.ts"

/** Sessions of users who prove themselves by other things than a code of WeChat's, for every database. */
export function openingMethods({ write }: ScriptRunner): OpeningStore {
  return { openSessionOf: request => write(dialect => openSessionOf(dialect, request)) }
}

/** See `OpeningStore.openSessionOf`. The user's row stays locked: what else the script decides about them holds. */
export function* openSessionOf(dialect: Dialect, request: OpenSessionRequest): Script<OpenSessionOutcome> {
  const found: UserRow | undefined = yield* lockPresent(request.userId)
  if (found === undefined) return { kind: "gone" }
  const { id: userId, leavesAt } = found
  if (leavesAt !== null) return { kind: "leaving", userId, leavesAt }
  const session = openedWithout(request, userId)
  yield* writeSession(dialect, session)
  const { rows } = yield statement(
    "SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at FROM denglu_users WHERE id = ?",
    userId,
  )
  return { kind: "opened", session, user: readUser(rows[0] as (typeof rows)[number]) }
}

/** Writes a session that was opened by something else than a code of WeChat's, and the event of it. */
export function* writeSession(dialect: Dialect, session: Session): Script<void> {
  yield insertSession(dialect, session)
  yield recordEvent(openedEvent(session))
}

/** Merges that follow one upon the other while it is looked who is whom: more than anybody does. */
const mostSteps = 4

/** Locks the user, or the one they were merged into: with both rows locked no merge and no undoing comes between. */
export function* lockPresent(id: string): Script<UserRow | undefined> {
  const { rows } = yield statement("SELECT merged_into FROM denglu_users WHERE id = ?", id)
  let presentId = (rows[0]?.merged_into as string | null | undefined) ?? id
  for (let step = 0; step < mostSteps; step += 1) {
    const locked: ReadonlyMap<string, UserRow> = yield* lockUsers([id, presentId])
    const mergedInto = locked.get(id)?.mergedInto ?? id
    if (mergedInto === presentId) return locked.get(presentId)
    presentId = mergedInto
  }
  return undefined
}
