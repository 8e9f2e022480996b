import { DengluError } from "../errors.ts"
import type { EventHub } from "../events.ts"
import { newId, type RandomBytes } from "../random.ts"
import type { AuditActor } from "../store/audit-store.ts"
import type { ProfileChange, Store, UserProfile } from "../store/store.ts"
import type { Avatars } from "./avatars/avatars.ts"

interface ProfileContext {
  readonly options: { readonly avatarOrigins: readonly string[] }
  readonly store: Store
  readonly clock: () => number
  readonly random: RandomBytes
  readonly events: EventHub
  readonly avatars: Avatars | undefined
}

/** The user who asks. @throws DengluError `session_revoked` if the user is gone: the session can't be good then. */
export async function readProfile(
  { store }: Pick<ProfileContext, "store">,
  userId: string,
): Promise<UserProfile> {
  const user = await store.findUser(userId)
  if (user === undefined) throw new DengluError("session_revoked")
  return user
}

/** Control characters, and those that turn the direction of the text around them: nothing a name needs. */
const unseen = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** Halves of characters: a text with one is no Unicode, and databases refuse it. */
const halves = /\p{Cs}/gu

/** Made well-formed Unicode, cleaned, normalised (NFC) and trimmed; an empty one is `null`. */
function clean(text: string | null): string | null {
  return text?.replace(halves, "\ufffd").replace(unseen, "").normalize("NFC").trim() || null
}

/**
 * Changes nickname or avatar, whose texts are cleaned.
 * @throws DengluError `invalid_request` for an avatar that isn't kept here and is of no allowed origin, `session_revoked`
 */
export async function changeProfile(
  context: ProfileContext,
  userId: string,
  { nickname, avatarUrl }: ProfileChange,
  requestId: string,
): Promise<UserProfile> {
  const change = {
    ...(nickname === undefined ? {} : { nickname: clean(nickname) }),
    ...(avatarUrl === undefined ? {} : { avatarUrl: clean(avatarUrl) }),
  }
  const avatar = change.avatarUrl ? checkAvatarUrl(context, change.avatarUrl) : undefined
  return store(context, { userId, change, avatar, requestId })
}

/** Keeps a picture and makes it the user's avatar; the one before it is removed. @throws DengluError `picture_invalid`, `storage_unavailable`, `session_revoked` */
export async function changeAvatar(
  context: ProfileContext & { readonly avatars: Avatars },
  userId: string,
  picture: Uint8Array,
  requestId: string,
): Promise<UserProfile> {
  const { name, url } = await context.avatars.keep(userId, picture)
  try {
    return await store(context, { userId, change: { avatarUrl: url }, avatar: name, requestId })
  } catch (error) {
    // Only where it is sure that nothing uses it: an answer of the database that got lost may have been a yes.
    if (error instanceof DengluError && error.code === "session_revoked")
      await context.avatars.discard([name])
    throw error
  }
}

interface Storing {
  readonly userId: string
  readonly change: ProfileChange
  /** The name of the kept picture whose address the avatar is. */
  readonly avatar: string | undefined
  readonly requestId: string
}

async function store(
  { store, clock, random, events, avatars }: ProfileContext,
  { userId, change, avatar, requestId }: Storing,
): Promise<UserProfile> {
  const eventId = newId(random)
  const outcome = await store.changeProfile({ userId, change, avatar, now: clock(), actor: "user", eventId })
  if (outcome.kind !== "changed")
    throw outcome.kind === "gone"
      ? new DengluError("session_revoked")
      : new DengluError("invalid_request", {
          pointer: "/avatar_url",
          message: "this picture is not yours, or is not kept any more",
        })
  events.emit("user.updated", { userId, fields: Object.keys(change), requestId })
  await avatars?.discard(outcome.unused)
  return outcome.user
}

/**
 * Whoever sees the user's avatar asks that address for it, so that a stranger's would learn of everyone who does. Answers the name of a picture
 * that is kept here. @throws DengluError `invalid_request`
 */
function checkAvatarUrl({ options, avatars }: ProfileContext, url: string): string | undefined {
  const kept = avatars?.nameOf(url)
  if (kept !== undefined) return kept
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (address?.protocol === "https:" && options.avatarOrigins.includes(address.origin) && !address.username)
    return undefined
  throw new DengluError("invalid_request", {
    pointer: "/avatar_url",
    message: `upload the picture (POST /me/avatar), or send an https address of ${options.avatarOrigins.join(", ")}; the option avatarOrigins names them`,
  })
}

export interface Clearing {
  readonly userId: string
  readonly fields: readonly (keyof ProfileChange)[]
  /** A change after it stays. Default is none. */
  readonly changedUntil?: number
  readonly actor: AuditActor & ("operator" | "wechat")
  readonly requestId: string
}

/**
 * Clears what WeChat or an operator found to break rules, or what the person has withdrawn. Answers whether there was something; done twice, the second
 * time changes nothing.
 */
export async function clearProfile(context: ProfileContext, clearing: Clearing): Promise<boolean> {
  const { store, clock, random, events, avatars } = context
  const { requestId, changedUntil = Number.MAX_SAFE_INTEGER, ...what } = clearing
  const outcome = await store.clearProfile({ ...what, changedUntil, now: clock(), eventId: newId(random) })
  if (outcome === undefined) return false
  events.emit("user.updated", { userId: what.userId, fields: outcome.cleared, requestId })
  await avatars?.discard(outcome.unused)
  return true
}
