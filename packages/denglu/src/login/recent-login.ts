import { DengluError } from "../errors.ts"
import type { Asker } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"

/** How long (ms) after a login a session may add ways in. */
const recent = 900_000

/**
 * Adding a way in wants a session whose person has just logged in, and not in a browser by scanning: else a stolen access token, or a session that
 * somebody got by a trick, would become an account for good (OWASP ASVS 4.0.3, 2.2.3 and 3.7.1: re-authentication before sensitive changes).
 *
 * @throws DengluError `login_not_recent`; `session_revoked`
 */
export async function requireRecentLogin(
  { store, clock }: FlowContext,
  { sessionId, userId }: Pick<Asker, "sessionId" | "userId">,
): Promise<void> {
  const session = await store.findSession(sessionId)
  if (session === undefined || session.userId !== userId) throw new DengluError("session_revoked")
  const { openedBy, createdAt } = session
  if (openedBy === "scan" || clock() - createdAt > recent) throw new DengluError("login_not_recent")
}
