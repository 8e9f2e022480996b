import { DengluError } from "../errors.ts"
import type { LeavingOutcome, NewSession, Session, UserProfile } from "../store/store.ts"
import type { FlowContext } from "./flows.ts"
import type { IssuedTokens } from "./issue-tokens.ts"
import { telling } from "./log-in.ts"
import type { OpenInput } from "./open-session.ts"
import { handOut, letBackIn, newSession } from "./opening.ts"

/** What a way in that is no code of WeChat's opens a session with. */
export interface ProvedEntry {
  /** See {@link webAppid}. */
  readonly appid: string
  readonly now: number
  readonly session: NewSession
}

/** What the store answers such a way in: its own refusals beside what all have. */
export type ProvedOutcome<Refusal> =
  | {
      readonly kind: "opened"
      readonly session: Session
      readonly user: UserProfile
      /** Default is `false`. */
      readonly isNew?: boolean
    }
  | LeavingOutcome
  | Refusal

export interface OpenByProof<Refusal> extends OpenInput {
  /** Opens the session in the store. Called again once a user who was leaving is back, or erased. */
  readonly open: (entry: ProvedEntry) => Promise<ProvedOutcome<Refusal>>
  /** The error for what the store refused. */
  readonly refuse: (refusal: Refusal) => DengluError
}

/**
 * Logs in whoever has proved themselves by something else than a code of WeChat's: digits, a password. Deals with accounts that are being
 * deleted, tells the events, and makes the tokens, as a login by a code does.
 *
 * @throws DengluError `account_deleted` for who is leaving, unless they want to stay after all; what `refuse` makes
 */
export async function openByProof<Refusal extends { readonly kind: string }>(
  flow: FlowContext,
  { open, refuse, userAgent, requestId, restore = false }: OpenByProof<Refusal>,
): Promise<IssuedTokens> {
  const appid = webAppid(flow)
  const openNow = () => open({ appid, now: flow.clock(), session: newSession(flow, userAgent) })
  return telling(flow, appid, requestId, async () => {
    let outcome = await openNow()
    if (isLeaving(outcome)) {
      await letBackIn(flow, outcome, restore, requestId)
      outcome = await openNow()
    }
    if (isLeaving(outcome)) throw new DengluError("account_deleted", { restoreUntil: outcome.leavesAt })
    if (!isOpened(outcome)) throw refuse(outcome)
    const { session, user, isNew = false } = outcome
    return handOut(flow, { session, user, isNew }, requestId)
  })
}

/** The app that sessions of web pages count as, `client_id` of their tokens: the one that is scanned, else the first. */
function webAppid({ options: { apps, scan } }: FlowContext): string {
  const appid = scan?.appid ?? [...apps.keys()][0]
  if (appid === undefined) throw new DengluError("app_unknown")
  return appid
}

function isLeaving(outcome: { readonly kind: string }): outcome is LeavingOutcome {
  return outcome.kind === "leaving"
}

function isOpened<Refusal>(
  outcome: ProvedOutcome<Refusal>,
): outcome is ProvedOutcome<never> & { readonly kind: "opened" } {
  return (outcome as { readonly kind: string }).kind === "opened"
}
