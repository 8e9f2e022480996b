import { Type } from "typebox"
import type { Asker } from "../../login/end-sessions.ts"
import { attachOwnIdentity, detachOwnIdentity, listOwnIdentities } from "../../login/own-identities.ts"
import { AttachIdentityRequest, IdentitiesReply } from "../../protocol/identities.ts"
import { type Call, route } from "../route.ts"
import { isoTime } from "./iso-time.ts"

export const identitiesRoute = route({
  method: "GET",
  path: "/me/identities",
  summary: "By what the user can log in",
  auth: true,
  reply: IdentitiesReply,
  handle: call => identitiesReply(call),
})

export const attachIdentityRoute = route({
  method: "POST",
  path: "/me/identities",
  summary: "Attach another identity to the user who asks, by its code",
  auth: true,
  body: AttachIdentityRequest,
  reply: IdentitiesReply,
  async handle(call) {
    const { flow, exchangeCode, body, limit } = call
    await limit.login()
    const { code, appid } = body
    await attachOwnIdentity(flow, exchangeCode, {
      asker: askerOf(call),
      code,
      appid,
      admit: limit.loginOfApp,
    })
    return identitiesReply(call)
  },
})

export const detachIdentityRoute = route({
  method: "DELETE",
  path: "/me/identities/:id",
  summary: "Take an identity away, if another one is left, and end its sessions",
  auth: true,
  reply: Type.Undefined(),
  async handle(call) {
    await detachOwnIdentity(call.flow, askerOf(call), call.params.id ?? "")
    return { status: 204, body: undefined }
  },
})

/** Who asks, and in which request. */
export function askerOf({ user, requestId }: Pick<Call<unknown>, "user" | "requestId">): Asker {
  return { userId: user.userId, sessionId: user.sessionId, requestId }
}

async function identitiesReply(call: Call<unknown>): Promise<IdentitiesReply> {
  const identities = await listOwnIdentities(call.flow, askerOf(call))
  return {
    identities: identities.map(({ id, appid, kind, isCurrent, createdAt }) => ({
      id,
      appid,
      kind,
      current: isCurrent,
      created_at: isoTime(createdAt),
    })),
  }
}
