import type { MemoryState } from "./memory-state.ts"
import { isTrusted } from "./sms-rules.ts"
import { opens, type WayIn, type WaysOn } from "./ways-in.ts"

/** All ways in that a user has, each one once. */
export function waysInMemory(
  { identities, identitiesOfUser, phones, passwords }: MemoryState,
  userId: string,
  on: WaysOn | undefined,
): WayIn[] {
  const ways: WayIn[] = (identitiesOfUser.get(userId) ?? [])
    .filter(key => opens(identities.get(key)?.appid ?? "", on))
    .map(() => "identity")
  const phone = [...phones.values()].find(kept => kept.userId === userId)
  if (on?.phoneTrustedSince !== undefined && phone !== undefined)
    if (isTrusted(phone.smsVerifiedAt, on.phoneTrustedSince)) ways.push("phone")
  const password = on?.passwords === true ? passwords.get(userId) : undefined
  if (typeof password?.account === "string") ways.push("password")
  else if (password !== undefined && phone !== undefined) ways.push("phone")
  return ways
}
