import { DengluError } from "../errors.ts"
import type { Asker } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"

/** How long (ms) after a login a session may add ways in. */
const recent = 900_000

/**
 * Adding a way in wants a session whose person has just logged in: else a stolen access token would become an account for good (OWASP ASVS 4.0.3,
 * 3.7.1: re-authentication before sensitive changes).
 *
 * @param byScanToo a login by scanning will do. Not for another WeChat account or a merge: the phone that scanned can do these itself, and a browser
 *   may be somebody else's
 *
 * @throws DengluError `login_not_recent`; `session_revoked`
 */
export async function requireRecentLogin(
  { store, clock }: FlowContext,
  { sessionId, userId }: Pick<Asker, "sessionId" | "userId">,
  byScanToo = false,
): Promise<void> {
  const session = await store.findSession(sessionId)
  if (session === undefined || session.userId !== userId) throw new DengluError("session_revoked")
  const { openedBy, createdAt } = session
  if ((openedBy === "scan" && !byScanToo) || clock() - createdAt > recent)
    throw new DengluError("login_not_recent")
}
