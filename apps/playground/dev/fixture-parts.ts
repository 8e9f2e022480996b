import type { Field, Message, RowChange, Text, TokenView } from "../src/protocol.ts"

/** A message without what the server gives it: its number and its time. */
export type Sketch = Omit<Message, "id" | "at" | "exchange"> & {
  /** Milliseconds after the message before it. */
  readonly after: number
}

type Said = Pick<Sketch, "step" | "from" | "to" | "kind" | "line" | "title"> & Partial<Sketch>

/** A sketch in which what isn't said is empty. */
export function sketch(said: Said): Sketch {
  return {
    after: 120,
    note: null,
    ok: said.kind === "reply" ? true : null,
    durationMs: null,
    headers: [],
    body: [],
    token: null,
    rows: [],
    ...said,
  }
}

export function text(en: string, zh: string): Text {
  return { en, zh }
}

/** As a server would never send it: whole. The page must not show them all the same. */
export const wholeSecrets = {
  sessionKey: "tiihtNczf5v6AKRyjwEUhQ==",
  refreshToken: "rt_Jq3uR0wZk8VxN4mB7cLfT2sYdHp9GaEo",
} as const

export const secretFields = {
  code: {
    name: "code",
    value: "0b3a… (32)",
    secret: text(
      "Whoever holds an unused code can log in as this person.",
      "谁拿到没用过的 code，谁就能以这个人的身份登录。",
    ),
    explain: text("What wx.login() answered; good for one trade", "wx.login() 得到的，只能兑换一次"),
  },
  appSecret: {
    name: "secret",
    value: "a91f… (32)",
    secret: text(
      "It proves to WeChat that this is your server. It stays on the server.",
      "向微信证明这是你的服务器，只放在服务器上。",
    ),
    explain: text("Your mini program's AppSecret", "小程序的 AppSecret"),
  },
  sessionKey: {
    name: "session_key",
    value: wholeSecrets.sessionKey,
    secret: text("It never leaves the server.", "它从不离开服务器。"),
    explain: text("Decrypts and checks open data", "用来解密和校验开放数据"),
  },
  accessToken: {
    name: "access_token",
    value: "eyJh… (412)",
    secret: text("Whoever shows it is taken for this person.", "谁出示它，就被当作这个人。"),
    explain: text("Goes with every request; see below", "之后每个请求都带着它；内容见下"),
  },
  refreshToken: {
    name: "refresh_token",
    value: wholeSecrets.refreshToken,
    secret: text("It can be traded for new access tokens.", "能换来新的访问令牌。"),
    explain: text("For POST /refresh, once", "用于 POST /refresh，只能用一次"),
  },
  bearer: {
    name: "authorization",
    value: "Bearer eyJh… (412)",
    secret: text("Whoever shows it is taken for this person.", "谁出示它，就被当作这个人。"),
    explain: text("The access token", "访问令牌"),
  },
} satisfies Readonly<Record<string, Field>>

/** @param ahead milliseconds by which the server's clock is ahead */
export function tokenView(user: string, ahead: number): TokenView {
  const issuedAt = Math.floor((Date.now() + ahead) / 1_000)
  const expiresAt = issuedAt + 1_764
  return {
    header: { alg: "EdDSA", typ: "at+jwt", kid: "k3Xw9a" },
    payload: {
      iss: "http://127.0.0.1:3000",
      aud: "denglu",
      sub: user,
      client_id: "wx0000000000000000",
      sid: "s_7hQm2VtK",
      iat: issuedAt,
      exp: expiresAt,
      jti: "m9Zp41xRkDw0",
    },
    issuedAt,
    expiresAt,
  }
}

const encrypted = text("Encrypted with DENGLU_SECRET before it is stored.", "保存前已用 DENGLU_SECRET 加密。")

export const rows = {
  user: {
    table: "users",
    change: "added",
    key: "u_5xK0pYw2",
    columns: [
      { name: "id", after: "u_5xK0pYw2" },
      { name: "nickname" },
      { name: "created_at", after: "2025-11-25T04:46:12.083Z" },
    ],
  },
  identity: {
    table: "identities",
    change: "added",
    key: "o6_bmjrPTl…",
    columns: [
      { name: "user", after: "u_5xK0pYw2" },
      { name: "appid", after: "wx0000000000000000" },
      { name: "openid", after: "o6_bmjrPTl…" },
    ],
  },
  newKey: {
    table: "identities",
    change: "changed",
    key: "o6_bmjrPTl…",
    columns: [
      {
        name: "session_key",
        before: "«encrypted, 68 bytes»",
        after: "«encrypted, 68 bytes, another»",
        secret: encrypted,
      },
      {
        name: "session_key_changed_at",
        before: "2025-11-25T04:46:12.083Z",
        after: "2025-11-25T04:49:40.310Z",
      },
    ],
  },
  session: {
    table: "sessions",
    change: "added",
    key: "s_7hQm2VtK",
    columns: [
      { name: "id", after: "s_7hQm2VtK" },
      { name: "counter", after: "0" },
      { name: "idle_expires_at", after: "2025-12-25T04:46:12.083Z" },
    ],
  },
  oldSession: {
    table: "sessions",
    change: "removed",
    key: "s_1aBc9dEf",
    columns: [
      { name: "id", before: "s_1aBc9dEf" },
      { name: "counter", before: "4" },
    ],
  },
} satisfies Readonly<Record<string, RowChange>>
