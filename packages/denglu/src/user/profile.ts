import { DengluError } from "../errors.ts"
import type { EventHub } from "../events.ts"
import { newId, type RandomBytes } from "../random.ts"
import type { ProfileChange, Store, UserProfile } from "../store/store.ts"

interface ProfileContext {
  readonly store: Store
  readonly clock: () => number
  readonly random: RandomBytes
  readonly events: EventHub
}

/** The user who asks. @throws DengluError `session_revoked` if the user is gone: the session can't be good then. */
export async function readProfile({ store }: ProfileContext, userId: string): Promise<UserProfile> {
  const user = await store.findUser(userId)
  if (user === undefined) throw new DengluError("session_revoked")
  return user
}

/** Control characters, and those that turn the direction of the text around them: nothing a name needs. */
const unseen = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** Changes nickname or avatar. Texts are made well-formed Unicode, cleaned, normalised (NFC) and trimmed; an empty one is `null`. */
export async function changeProfile(
  { store, clock, random, events }: ProfileContext,
  userId: string,
  change: ProfileChange,
  requestId: string,
): Promise<UserProfile> {
  const clean = Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field,
      value?.toWellFormed().replace(unseen, "").normalize("NFC").trim() || null,
    ]),
  )
  const user = await store.updateUser(userId, clean, clock(), newId(random))
  if (user === undefined) throw new DengluError("session_revoked")
  events.emit("user.updated", { userId, fields: Object.keys(clean), requestId })
  return user
}
