import { isTrusted } from "../sms-rules.ts"
import { opens, type WayIn, type WaysOn } from "../ways-in.ts"
import { identitiesOf } from "./owners.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/** All ways in that a user has, each one once. They hold as long as the user is locked: whatever takes one away locks them too. */
export function* waysInOf(dialect: Dialect, userId: string, on: WaysOn | undefined): Script<WayIn[]> {
  const identities = yield* identitiesOf(dialect, userId)
  const ways: WayIn[] = identities.filter(({ appid }) => opens(appid, on)).map(() => "identity")
  if (on?.phoneTrustedSince !== undefined) {
    const { rows } = yield statement("SELECT sms_verified_at FROM denglu_phones WHERE user_id = ?", userId)
    const provedAt = (rows[0]?.sms_verified_at as number | null | undefined) ?? null
    if (isTrusted(provedAt, on.phoneTrustedSince)) ways.push("phone")
  }
  if (on?.passwords === true) {
    const { rows } = yield statement(
      `SELECT p.account, t.phone FROM denglu_passwords p LEFT JOIN denglu_phones t ON t.user_id = p.user_id
        WHERE p.user_id = ?`,
      userId,
    )
    const [password] = rows
    if (typeof password?.account === "string") ways.push("password")
    else if (typeof password?.phone === "string") ways.push("phone")
  }
  return ways
}
