import { DengluError } from "../errors.ts"
import { decideRotation } from "../store/session-rules.ts"
import type { Merge, MergePreview } from "../store/store.ts"
import type { Asker } from "./end-sessions.ts"
import type { ExchangeCode } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import { mergeRefused, mergeUsers } from "./merge-users.ts"
import { ownerOfCode } from "./owner-of-code.ts"
import { requireRecentLogin } from "./recent-login.ts"
import { refresh } from "./refresh.ts"

/** How somebody shows that another account is theirs, too. A phone number shows nothing: it passes on to other people. */
export type OtherAccountProof =
  | { readonly refreshToken: string }
  | { readonly code: string; readonly appid: string | undefined }

export interface OwnMergeInput {
  readonly asker: Asker
  readonly proof: OtherAccountProof
  /** As in `LogInInput`. */
  readonly admit: (appid: string) => Promise<void>
}

/**
 * What a merge of the asker with the other account would do. A refresh token is as good as before after it; a code is used up.
 *
 * @throws DengluError `merge_proof_invalid`; for a code also what a login throws, and `not_found` if nobody has ever logged in with it
 */
export async function previewOwnMerge(
  flow: FlowContext,
  exchangeCode: ExchangeCode,
  input: OwnMergeInput,
): Promise<MergePreview> {
  const otherId = await provenUser(flow, exchangeCode, input)
  const preview = await flow.store.previewMerge(input.asker.userId, otherId, flow.clock())
  if (preview.refusal === "unknown") throw mergeRefused("unknown")
  return preview
}

/** Merges the other account into the asker's. @throws as {@link previewOwnMerge}, and DengluError `merge_refused`, `login_not_recent` */
export async function mergeOwnUsers(
  flow: FlowContext,
  exchangeCode: ExchangeCode,
  input: OwnMergeInput & { readonly dropPhone: boolean },
): Promise<Merge> {
  const { asker, dropPhone } = input
  await requireRecentLogin(flow, asker)
  const absorbedId = await provenUser(flow, exchangeCode, input)
  const { userId: survivorId, requestId } = asker
  return mergeUsers(flow, { survivorId, absorbedId, dropPhone, actor: "user", requestId })
}

async function provenUser(
  flow: FlowContext,
  exchangeCode: ExchangeCode,
  { asker: { requestId }, proof, admit }: OwnMergeInput,
): Promise<string> {
  if ("refreshToken" in proof) return userOfRefreshToken(flow, proof.refreshToken, requestId)
  const userId = await ownerOfCode(flow, { ...proof, exchangeCode, admit }, requestId)
  if (userId === undefined)
    throw new DengluError("not_found", {
      message: "nobody has logged in with this identity: attach it instead",
    })
  return userId
}

/** Whose the refresh token is, if it would be good for a refresh now. One that was used up reveals a copy here as it does there. */
async function userOfRefreshToken(
  flow: FlowContext,
  refreshToken: string,
  requestId: string,
): Promise<string> {
  const { refreshTokens, store, clock, options } = flow
  const invalid = () => new DengluError("merge_proof_invalid", { pointer: "/refresh_token" })
  const claims = refreshTokens.read(refreshToken)
  if (claims === undefined) throw invalid()
  const { sessionId: id, counter } = claims
  const session = await store.findSession(id)
  const decision = decideRotation(session, {
    id,
    counter,
    now: clock(),
    grace: options.refreshGrace * 1000,
    idle: options.sessionIdleLifetime * 1000,
  })
  if (decision === "reuse")
    await refresh(flow, { refreshToken, requestId }).catch(error => {
      if (!(error instanceof DengluError) || error.code === "store_unavailable") throw error
    })
  if (session === undefined || (decision !== "rotate" && decision !== "replay")) throw invalid()
  return session.userId
}
