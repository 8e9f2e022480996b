import { rows, type Sketch, secretFields, sketch, text, tokenView } from "./fixture-parts.ts"

const json = { name: "content-type", value: "application/json" }

function getCode(): Sketch[] {
  return [
    sketch({
      step: 1,
      from: "miniprogram",
      to: "wechat",
      kind: "request",
      line: "wx.login()",
      title: text("Ask WeChat for a code", "向微信要一个 code"),
      note: text(
        "No permission is asked for: a code says nothing about the person.",
        "不需要用户授权：code 本身不含任何个人信息。",
      ),
      after: 0,
    }),
    sketch({
      step: 1,
      from: "wechat",
      to: "miniprogram",
      kind: "reply",
      line: "success({ code })",
      title: text("A code, for five minutes", "得到 code，五分钟内有效"),
      durationMs: 41,
      body: [secretFields.code],
    }),
    sketch({
      step: 2,
      from: "miniprogram",
      to: "server",
      kind: "request",
      line: "POST /login",
      title: text("Send the code", "把 code 交给服务器"),
      headers: [
        json,
        {
          name: "accept-language",
          value: "zh-CN",
          explain: text("In which language errors are worded", "错误信息用哪种语言"),
        },
      ],
      body: [secretFields.code],
    }),
  ]
}

function askWeChat(): Sketch {
  return sketch({
    step: 3,
    from: "server",
    to: "wechat",
    kind: "request",
    line: "GET /sns/jscode2session",
    title: text("Trade the code", "兑换 code"),
    note: text(
      "From server to server: no phone sees the secret.",
      "服务器对服务器：secret 不会出现在手机上。",
    ),
    body: [
      { name: "appid", value: "wx0000000000000000", explain: text("Your mini program", "你的小程序") },
      secretFields.appSecret,
      { ...secretFields.code, name: "js_code" },
    ],
  })
}

/** A login that WeChat, or the server, refuses. */
export function refusedLogin(errcode: number, errmsg: string, status: string, code: string): Sketch[] {
  return [
    ...getCode(),
    askWeChat(),
    sketch({
      step: 4,
      from: "wechat",
      to: "server",
      kind: "reply",
      line: `errcode ${errcode}`,
      title: text("WeChat refuses", "微信拒绝兑换"),
      ok: false,
      durationMs: 63,
      body: [
        { name: "errcode", value: String(errcode), explain: text("WeChat's own number", "微信的错误码") },
        { name: "errmsg", value: errmsg },
      ],
    }),
    sketch({
      step: 7,
      from: "server",
      to: "miniprogram",
      kind: "reply",
      line: status,
      title: text("No login", "登录失败"),
      ok: false,
      durationMs: 92,
      headers: [{ name: "content-type", value: "application/problem+json" }],
      body: [{ name: "code", value: code, explain: text("A stable word to switch on", "稳定的错误代码") }],
    }),
  ]
}

/** A login from its first message to its last. @param lost whether its reply never arrives @param slow milliseconds each way @param ahead of the server's clock, in milliseconds */
export function login(user: string, { lost = false, slow = 0, again = false, ahead = 0 } = {}): Sketch[] {
  return [
    ...getCode(),
    { ...askWeChat(), after: 120 + slow },
    sketch({
      step: 4,
      from: "wechat",
      to: "server",
      kind: "reply",
      line: "200 OK",
      title: text("Who it is", "告诉服务器是谁"),
      durationMs: 58,
      body: [
        {
          name: "openid",
          value: "o6_bmjrPTl…",
          explain: text("This person, in this mini program", "此人在本小程序里的身份"),
        },
        secretFields.sessionKey,
      ],
    }),
    sketch({
      step: 5,
      from: "server",
      to: "store",
      kind: "request",
      line: again ? "SELECT identities" : "INSERT users, identities",
      title: again ? text("Find the user", "找到老用户") : text("Create the user", "新建用户"),
      rows: again ? [] : [rows.user, rows.identity],
    }),
    sketch({
      step: 6,
      from: "server",
      to: "store",
      kind: "request",
      line: "INSERT sessions",
      title: text("Open a session, seal the session_key", "开新会话，加密保存 session_key"),
      rows: again ? [rows.newKey, rows.session, rows.oldSession] : [rows.session],
    }),
    sketch({
      step: 7,
      from: "server",
      to: "miniprogram",
      kind: lost ? "lost" : "reply",
      line: "200 OK",
      title: text("Two tokens", "发回两个令牌"),
      note: lost
        ? text(
            "The login is done, but the mini program does not know. It starts again with a new code.",
            "登录其实成功了，但小程序不知道。它会换一个新 code 重来。",
          )
        : null,
      ok: lost ? null : true,
      durationMs: 96 + 2 * slow,
      headers: [
        json,
        { name: "cache-control", value: "no-store", explain: text("Nobody may keep a copy", "谁也不许缓存") },
      ],
      body: [
        secretFields.accessToken,
        { name: "expires_in", value: "1764", explain: text("Seconds", "秒") },
        secretFields.refreshToken,
        { name: "user.id", value: user },
      ],
      token: lost ? null : tokenView(user, ahead),
      after: 120 + slow,
    }),
  ]
}

/** A request with the access token, and its reply. */
export function order(status: "200 OK" | "401 Unauthorized", code?: string): Sketch[] {
  const ok = status === "200 OK"
  return [
    sketch({
      step: 8,
      from: "miniprogram",
      to: "server",
      kind: "request",
      line: "GET /orders",
      title: text("Ask for the orders", "查询订单"),
      headers: [secretFields.bearer],
    }),
    sketch({
      step: 8,
      from: "server",
      to: "miniprogram",
      kind: "reply",
      line: status,
      title: ok
        ? text("The orders of this user", "返回此用户的订单")
        : text("Not with this token", "这个令牌不行"),
      ok,
      durationMs: 0.7,
      body: code === undefined ? [{ name: "orders", value: "[2]" }] : [{ name: "code", value: code }],
    }),
  ]
}

/** The refresh token is traded. */
export function refresh(user: string, ahead: number, code?: string): Sketch[] {
  return [
    sketch({
      step: null,
      from: "miniprogram",
      to: "server",
      kind: "request",
      line: "POST /refresh",
      title: text("Renew the token", "续期令牌"),
      body: [secretFields.refreshToken],
    }),
    sketch({
      step: null,
      from: "server",
      to: "miniprogram",
      kind: "reply",
      line: code === undefined ? "200 OK" : "401 Unauthorized",
      title:
        code === undefined
          ? text("Two new tokens", "两个新令牌")
          : text("The session was ended", "会话已被终止"),
      ok: code === undefined,
      durationMs: 4,
      body: code === undefined ? [secretFields.accessToken] : [{ name: "code", value: code }],
      token: code === undefined ? tokenView(user, ahead) : null,
    }),
  ]
}

/** What needs the session_key. */
export function openData(): Sketch[] {
  return [
    sketch({
      step: 9,
      from: "miniprogram",
      to: "server",
      kind: "request",
      line: "POST /open-data",
      title: text("Hand over encrypted data", "提交加密数据"),
      headers: [secretFields.bearer],
      body: [
        { name: "encryptedData", value: "CiyL… (448)" },
        { name: "iv", value: "r7BX… (24)" },
      ],
    }),
    sketch({
      step: 9,
      from: "server",
      to: "miniprogram",
      kind: "reply",
      line: "200 OK",
      title: text("Decrypted on the server", "在服务器上解密"),
      durationMs: 2,
      body: [{ name: "watermark.appid", value: "wx0000000000000000" }],
    }),
  ]
}

/** A mark on one lifeline. */
export const restarted: Sketch = sketch({
  step: null,
  from: "server",
  to: "server",
  kind: "event",
  line: "restart",
  title: text("The server has started again", "服务器已重新启动"),
  durationMs: 18,
})
