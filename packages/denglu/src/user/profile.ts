import { DengluError } from "../errors.ts"
import type { EventHub } from "../events.ts"
import type { ProfileChange, Store, UserProfile } from "../store/store.ts"

interface ProfileContext {
  readonly store: Store
  readonly clock: () => number
  readonly events: EventHub
}

/** The user who asks. @throws DengluError `session_revoked` if the user is gone: the session can't be good then. */
export async function readProfile({ store }: ProfileContext, userId: string): Promise<UserProfile> {
  const user = await store.findUser(userId)
  if (user === undefined) throw new DengluError("session_revoked")
  return user
}

/** Changes nickname or avatar. Texts are made well-formed Unicode, normalised (NFC) and trimmed; an empty one is `null`. */
export async function changeProfile(
  { store, clock, events }: ProfileContext,
  userId: string,
  change: ProfileChange,
  requestId: string,
): Promise<UserProfile> {
  const clean = Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field,
      value?.toWellFormed().normalize("NFC").trim() || null,
    ]),
  )
  const user = await store.updateUser(userId, clean, clock())
  if (user === undefined) throw new DengluError("session_revoked")
  events.emit("user.updated", { userId, fields: Object.keys(clean), requestId })
  return user
}
