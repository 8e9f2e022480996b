import { newId } from "../random.ts"
import type { KnownPhone, Users } from "../running-login.ts"
import type { Phone } from "../store/phone-store.ts"
import { exportPersonalData } from "../user/personal-data.ts"
import { nationalNumber } from "../user/phone-number.ts"
import { clearProfile } from "../user/profile.ts"
import type { FlowContext } from "./flows.ts"
import { beginLeaving, restore } from "./leave.ts"
import { mergeUsers, undoMerge } from "./merge-users.ts"
import { unbindPhone } from "./unbind-phone.ts"

const mostMerges = 1_000

/** What `login.users` can do. */
export function operateOnUsers(flow: FlowContext): Users {
  const { store, clock, random } = flow
  return {
    async get(id) {
      const user = await store.resolveUser(id)
      return user && { ...user, phone: knownPhone(await store.findPhone(user.id)) }
    },
    unbindPhone: userId => unbindPhone(flow, { userId, actor: "operator", requestId: newId(random) }),
    clearProfile(userId, fields = ["nickname", "avatarUrl"]) {
      return clearProfile(flow, { userId, fields, actor: "operator", requestId: newId(random) })
    },
    async delete(id, { now: isAtOnce = false } = {}) {
      const leavesAt = await beginLeaving(flow, id, "operator", newId(random), isAtOnce)
      return leavesAt === undefined ? undefined : { leavesAt }
    },
    restore: id => restore(flow, id, "operator", newId(random)),
    export: id => exportPersonalData(store, id),
    purge: () => flow.purger.sweep(),
    conflicts: (cursor = "") => store.listConflicts(cursor),
    previewMerge: (survivorId, absorbedId) => store.previewMerge(survivorId, absorbedId, clock()),
    merge: (survivorId, absorbedId, { dropPhone = false } = {}) =>
      mergeUsers(flow, { survivorId, absorbedId, dropPhone, actor: "operator", requestId: newId(random) }),
    undoMerge: mergeId => undoMerge(flow, mergeId, "operator", newId(random)),
    merges: since => store.listMergesSince(since, mostMerges),
  }
}

function knownPhone(phone: Phone | undefined): KnownPhone | null {
  if (phone === undefined) return null
  const { phone: number, countryCode, verifiedAt, smsVerifiedAt, appid } = phone
  return { number, countryCode, nationalNumber: nationalNumber(phone), verifiedAt, smsVerifiedAt, appid }
}
