/** A table, as it goes from one engine to another: the same names in all of them. */
export interface TableShape {
  readonly name: TableName
  readonly columns: readonly Column[]
  /** The columns that tell rows apart, and by which they are read in order. */
  readonly key: readonly string[]
  /**
   * An instance that was started once has rows of its own here, which nobody would miss: its keys, and that it made them. Those of the source
   * take their place.
   */
  readonly isReplaced?: true
  /** Rows in one transaction, where they are so long that they must be few. */
  readonly rowsInOneStep?: number
}

interface Column {
  readonly name: string
  readonly kind: "text" | "number"
}

export type TableName =
  | "users"
  | "identities"
  | "unionids"
  | "sessions"
  | "revocations"
  | "signing_keys"
  | "seen"
  | "leaving"
  | "phones"
  | "passwords"
  | "avatars"
  | "merges"
  | "audit"
  | "audit_blocks"
  | "platform_tickets"
  | "authorizers"

export type TransferRow = Readonly<Record<string, string | number | null>>

const text = (name: string): Column => ({ name, kind: "text" })
const number = (name: string): Column => ({ name, kind: "number" })

/** Everything that is copied, in this order: nobody's session comes before its user. `scans` and `sms` are not: a ticket lives three minutes, digits five. */
export const tables: readonly TableShape[] = [
  {
    name: "users",
    columns: [
      text("id"),
      text("nickname"),
      text("avatar_url"),
      number("created_at"),
      number("updated_at"),
      number("leaves_at"),
      text("merged_into"),
    ],
    key: ["id"],
  },
  {
    name: "identities",
    columns: [
      text("appid"),
      text("openid"),
      text("user_id"),
      text("unionid"),
      text("open_platform"),
      number("created_at"),
      text("session_key"),
      text("session_key_fingerprint"),
      number("session_key_changed_at"),
      text("previous_session_key"),
    ],
    key: ["openid", "appid"],
  },
  {
    name: "unionids",
    columns: [text("unionid"), text("open_platform"), text("user_id")],
    key: ["unionid", "open_platform"],
  },
  {
    name: "sessions",
    columns: [
      text("id"),
      text("user_id"),
      text("appid"),
      text("openid"),
      number("counter"),
      number("created_at"),
      number("rotated_at"),
      number("idle_expires_at"),
      number("absolute_expires_at"),
      number("revoked_at"),
      number("ends_on"),
      text("revoked_reason"),
      text("user_agent"),
      text("opened_by"),
    ],
    key: ["id"],
  },
  {
    name: "revocations",
    columns: [number("n"), text("session_id"), number("revoked_at")],
    key: ["n"],
  },
  {
    name: "signing_keys",
    isReplaced: true,
    columns: [
      text("kid"),
      text("status"),
      text("public_jwk"),
      text("sealed_private_key"),
      number("created_at"),
      number("status_since"),
    ],
    key: ["kid"],
  },
  {
    name: "seen",
    columns: [text("digest"), number("expires_at")],
    key: ["digest"],
  },
  {
    name: "leaving",
    columns: [
      text("user_id"),
      number("leaves_at"),
      number("left_at"),
      number("next_try_at"),
      number("tries"),
    ],
    key: ["user_id"],
  },
  {
    name: "phones",
    columns: [
      text("phone"),
      text("user_id"),
      text("country_code"),
      text("appid"),
      number("verified_at"),
      text("proof"),
      number("sms_verified_at"),
    ],
    key: ["phone"],
  },
  {
    name: "passwords",
    columns: [text("user_id"), text("account"), text("hash"), number("changed_at")],
    key: ["user_id"],
  },
  {
    name: "avatars",
    columns: [text("name"), text("user_id"), number("remove_after")],
    key: ["name"],
  },
  {
    name: "merges",
    columns: [
      text("id"),
      text("survivor_id"),
      text("absorbed_id"),
      number("at"),
      text("actor"),
      text("journal"),
      number("undone_at"),
    ],
    key: ["id"],
  },
  {
    name: "audit",
    isReplaced: true,
    columns: [
      text("user_id"),
      number("at"),
      text("id"),
      text("type"),
      text("session_id"),
      text("appid"),
      text("actor"),
      text("detail"),
    ],
    key: ["user_id", "at", "id"],
  },
  {
    name: "audit_blocks",
    isReplaced: true,
    rowsInOneStep: 10,
    columns: [
      number("n"),
      number("at"),
      number("first_at"),
      number("last_at"),
      number("count"),
      text("reached"),
      text("digest"),
      text("events"),
      text("previous_hash"),
      text("hash"),
      text("mac"),
    ],
    key: ["n"],
  },
  {
    name: "platform_tickets",
    columns: [text("platform_appid"), text("sealed"), number("issued_at"), number("received_at")],
    key: ["platform_appid"],
  },
  {
    name: "authorizers",
    columns: [
      text("appid"),
      text("platform_appid"),
      text("sealed_refresh_token"),
      text("open_platform"),
      text("code_digest"),
      number("authorized_at"),
      number("revoked_at"),
    ],
    key: ["appid", "platform_appid"],
  },
]

/** The values of a row in the order of the columns. */
export function valuesOf(shape: TableShape, row: TransferRow): readonly (string | number | null)[] {
  return shape.columns.map(({ name }) => row[name] ?? null)
}

/** What tells a row from others, as one text. */
export function keyOf(shape: TableShape, row: TransferRow): string {
  return JSON.stringify(shape.key.map(name => row[name]))
}
