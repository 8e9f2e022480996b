import type { MemoryState, RunInMemory } from "./memory-state.ts"
import type { OpeningStore, OpenSessionOutcome, OpenSessionRequest } from "./opening-store.ts"
import { openedEvent, openedWithout } from "./session-rules.ts"
import type { Session } from "./store.ts"

/** Sessions of users who prove themselves by other things than a code of WeChat's, in memory. */
export function openingInMemory(state: MemoryState, run: RunInMemory): OpeningStore {
  return { openSessionOf: request => run(() => openInMemory(state, request)) }
}

/** See `OpeningStore.openSessionOf`. */
export function openInMemory(state: MemoryState, request: OpenSessionRequest): OpenSessionOutcome {
  const userId = state.mergedInto.get(request.userId) ?? request.userId
  const user = state.users.get(userId)
  if (user === undefined) return { kind: "gone" }
  if (user.leavesAt !== null) return { kind: "leaving", userId, leavesAt: user.leavesAt }
  const session = openedWithout(request, userId)
  writeInMemory(state, session)
  return { kind: "opened", session, user }
}

/** Writes a session that was opened by something else than a code of WeChat's, and the event of it. */
export function writeInMemory({ sessions, sessionsOfUser, audit }: MemoryState, session: Session): void {
  sessions.set(session.id, session)
  const others = sessionsOfUser.get(session.userId) ?? new Set()
  sessionsOfUser.set(session.userId, others.add(session.id))
  audit.push(openedEvent(session))
}
