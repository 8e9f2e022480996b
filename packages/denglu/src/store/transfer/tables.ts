/** A table, as it goes from one engine to another: the same names in all of them. */
export interface TableShape {
  readonly name: TableName
  readonly columns: readonly Column[]
  /** The columns that tell rows apart, and by which they are read in order. */
  readonly key: readonly string[]
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

export type TransferRow = Readonly<Record<string, string | number | null>>

const text = (name: string): Column => ({ name, kind: "text" })
const number = (name: string): Column => ({ name, kind: "number" })

/** Everything that is copied, in this order: nobody's session comes before its user. */
export const tables: readonly TableShape[] = [
  {
    name: "users",
    columns: [text("id"), text("nickname"), text("avatar_url"), number("created_at"), number("updated_at")],
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
]

/** The values of a row in the order of the columns. */
export function valuesOf(shape: TableShape, row: TransferRow): readonly (string | number | null)[] {
  return shape.columns.map(({ name }) => row[name] ?? null)
}

/** What tells a row from others, as one text. */
export function keyOf(shape: TableShape, row: TransferRow): string {
  return JSON.stringify(shape.key.map(name => row[name]))
}
