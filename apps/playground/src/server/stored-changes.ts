import type { RowChange, Text } from "../protocol.ts"
import { type Device, joinNotes, type Recording, titleOf } from "./recording.ts"

/** A login's reply, as far as it says what was stored. */
export interface LoggedIn {
  readonly userId: string
  readonly isNew: boolean
}

/** Columns of the person's row that belong to step 6. */
const keyColumn = /^(previous_)?session_key/

/** Tells what a login left in the database, as the steps 5 and 6. */
export function recordLogin(
  { feed, fields }: Recording,
  device: Device,
  { userId, isNew }: LoggedIn,
  rows: readonly RowChange[],
): void {
  const ofPerson = rows.filter(({ table }) => table === "users" || table === "identities")
  const person = withColumns(ofPerson, name => !keyColumn.test(name))
  const session = [
    ...withColumns(ofPerson, name => keyColumn.test(name)),
    ...rows.filter(row => !ofPerson.includes(row)),
  ]
  const keyChanged = ofPerson.some(
    ({ change, columns }) => change === "changed" && columns.some(({ name }) => name === "session_key"),
  )
  const common = {
    from: "server",
    to: "store",
    kind: "request",
    ok: null,
    durationMs: null,
    headers: [],
    token: null,
  } as const
  feed.add({
    ...common,
    exchange: feed.nextExchange(),
    step: device === "phone" ? 5 : null,
    line: statements(person) ?? "SELECT users, identities",
    title: titleOf(
      device,
      isNew
        ? { en: "A new person: the user is created", zh: "新用户：创建用户记录" }
        : { en: "The person is known: the user is found", zh: "老用户：找到已有记录" },
    ),
    note: {
      en: "The same appid and openid always lead to the same user. Both steps are one transaction.",
      zh: "相同的 appid 和 openid 总是对应同一个用户。第 5、6 步在同一个事务中完成。",
    },
    body: fields.plain({ "user.id": userId }),
    rows: person,
  })
  feed.add({
    ...common,
    exchange: feed.nextExchange(),
    step: device === "phone" ? 6 : null,
    line: statements(session) ?? "INSERT sessions",
    title: titleOf(device, {
      en: "A session begins; the session_key is kept encrypted",
      zh: "建立会话，session_key 加密保存",
    }),
    note: joinNotes(
      {
        en: "The tokens themselves are not stored: a copy of the database logs nobody in.",
        zh: "令牌本身不入库：即使数据库泄露也无法据此登录。",
      },
      keyChanged
        ? {
            en: "WeChat had given the person a new session_key; the one before is kept as well, for data that were encrypted with it.",
            zh: "微信为该用户换了新的 session_key；上一个也会保留，以便解开用它加密的数据。",
          }
        : undefined,
    ),
    body: [],
    rows: session,
  })
}

/** Tells what any other request changed in the database; nothing if it changed nothing. @param title what that means */
export function recordChanges(
  { feed }: Recording,
  device: Device,
  rows: readonly RowChange[],
  title: Text = { en: "The database is changed", zh: "数据库已更新" },
): void {
  const line = statements(rows)
  if (line === undefined) return
  feed.add({
    exchange: feed.nextExchange(),
    step: null,
    from: "server",
    to: "store",
    kind: "request",
    line,
    title: titleOf(device, title),
    note: null,
    ok: null,
    durationMs: null,
    headers: [],
    body: [],
    token: null,
    rows,
  })
}

function withColumns(rows: readonly RowChange[], wanted: (name: string) => boolean): readonly RowChange[] {
  return rows
    .map(row => ({ ...row, columns: row.columns.filter(({ name }) => wanted(name)) }))
    .filter(({ columns }) => columns.length > 0)
}

const verbs = { added: "INSERT", changed: "UPDATE", removed: "DELETE" } as const

/** `INSERT users, identities; UPDATE sessions` */
function statements(rows: readonly RowChange[]): string | undefined {
  const parts = (["added", "changed", "removed"] as const).flatMap(change => {
    const tables = new Set(rows.filter(row => row.change === change).map(({ table }) => table))
    return tables.size === 0 ? [] : [`${verbs[change]} ${[...tables].join(", ")}`]
  })
  return parts.length === 0 ? undefined : parts.join("; ")
}
