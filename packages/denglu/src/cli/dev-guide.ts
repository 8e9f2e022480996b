import type { Login } from "../running-login.ts"
import type { Terminal } from "./terminal.ts"

export interface Addresses {
  readonly login: string
  readonly simulator: string
  /** `undefined` if it is not installed. */
  readonly playground: string | undefined
  readonly data: string
  readonly appid: string
}

/** What `denglu dev` shows when it is up: where things are, and lines to paste. */
export function renderDevGuide(terminal: Terminal, addresses: Addresses): string {
  const { bold, dim, cyan, green, say } = terminal
  const at = (url: string) => url.replace("http://", "")
  const login = at(addresses.login)
  const simulator = at(addresses.simulator)
  const step = (number: number, text: string, line: string) => [
    `  ${bold(`${number}.`)} ${text}`,
    `     ${cyan(line)}`,
    "",
  ]
  return [
    "",
    `  ${green("●")} ${bold("Denglu 登录")}`,
    "",
    `    ${say({ en: "login server     ", zh: "登录服务器" })}  ${bold(addresses.login)}`,
    `    ${say({ en: "simulated WeChat ", zh: "模拟微信  " })}  ${bold(addresses.simulator)}`,
    ...(addresses.playground === undefined
      ? []
      : [
          `    ${say({ en: "playground       ", zh: "演练场    " })}  ${bold(cyan(addresses.playground))}  ${dim(say({ en: "open it: a phone, and every message of its login", zh: "打开看看：一部手机，以及登录的每一条消息" }))}`,
        ]),
    `    ${say({ en: "data             ", zh: "数据      " })}  ${addresses.data}`,
    "",
    `  ${say({ en: "Try, in another terminal:", zh: "在另一个终端里试试：" })}`,
    "",
    ...step(
      1,
      say({
        en: "Log in: take a code as wx.login() gets it, and send it to the server",
        zh: "登录：像 wx.login() 一样取得 code，再发给服务器",
      }),
      `curl -s ${simulator}/__simulator__/code -d '{"user":"alice"}' | curl -s ${login}/login -d @-`,
    ),
    ...step(
      2,
      say({
        en: "Ask who you are, with the access_token from step 1",
        zh: "用第 1 步的 access_token 查询当前用户",
      }),
      `curl -s ${login}/me -H 'Authorization: Bearer <access_token>'`,
    ),
    ...step(
      3,
      say({
        en: "Make WeChat fail, then log in again and read the answer",
        zh: "让微信出错，再登录一次，看看返回什么",
      }),
      `curl -s ${simulator}/__simulator__/faults -d '{"kind":"busy","times":2}'`,
    ),
    ...step(
      4,
      say({ en: "See everything the simulated WeChat can do", zh: "查看模拟微信的全部功能" }),
      `curl -s ${simulator}/__simulator__/`,
    ),
    `  ${dim(
      say({
        en: `In WeChat DevTools: tick 不校验合法域名, then wx.request to ${addresses.login}/login. Your own server: appid ${addresses.appid}, wechat: { simulator: "${addresses.simulator}" }.`,
        zh: `微信开发者工具：勾选“不校验合法域名”，用 wx.request 请求 ${addresses.login}/login。自己的服务器：appid ${addresses.appid}，wechat: { simulator: "${addresses.simulator}" }。`,
      }),
    )}`,
    `  ${dim(say({ en: "Ctrl-C ends it. What happens is shown below.", zh: "按 Ctrl-C 结束。下面显示正在发生的事情。" }))}`,
    "",
  ].join("\n")
}

/** Writes a line for everything that happens. No event holds a secret. */
export function tellEvents(terminal: Terminal, login: Login): void {
  const { say, dim, green, red, yellow } = terminal
  const time = () => dim(new Date().toTimeString().slice(0, 8))
  const line = (mark: string, text: string) => terminal.out(`  ${time()} ${mark} ${text}`)
  login.on("code.received", ({ appid }) =>
    line(dim("→"), say({ en: `a code arrived for ${appid}`, zh: `收到 ${appid} 的 code` })),
  )
  login.on("wechat.answered", ({ errcode, durationMs, hasUnionid }) => {
    const what =
      errcode === 0
        ? say({
            en: `WeChat answered: openid, session_key${hasUnionid ? ", unionid" : ""}`,
            zh: `微信返回：openid、session_key${hasUnionid ? "、unionid" : ""}`,
          })
        : say({ en: `WeChat answered: errcode ${errcode}`, zh: `微信返回：errcode ${errcode}` })
    line(dim("←"), `${what} ${dim(`${durationMs} ms`)}`)
  })
  login.on("user.created", ({ userId }) =>
    line(green("+"), say({ en: `new user ${userId}`, zh: `新用户 ${userId}` })),
  )
  login.on("session.issued", ({ userId, sessionId }) =>
    line(
      green("✓"),
      say({
        en: `user ${userId} is logged in, session ${sessionId}`,
        zh: `用户 ${userId} 已登录，会话 ${sessionId}`,
      }),
    ),
  )
  login.on("session.refreshed", ({ userId, counter }) =>
    line(
      green("↻"),
      say({ en: `user ${userId} refreshed (${counter})`, zh: `用户 ${userId} 已刷新（第 ${counter} 次）` }),
    ),
  )
  login.on("refresh.replayed", ({ userId }) =>
    line(
      yellow("↻"),
      say({ en: `user ${userId}: a lost refresh was repeated`, zh: `用户 ${userId}：重发了丢失的刷新结果` }),
    ),
  )
  login.on("refresh.reuse_detected", ({ userId }) =>
    line(
      red("!"),
      say({
        en: `user ${userId}: a used refresh token came back, the session is ended`,
        zh: `用户 ${userId}：旧的刷新令牌再次出现，会话已终止`,
      }),
    ),
  )
  login.on("session.revoked", ({ sessionIds, reason }) =>
    line(
      yellow("×"),
      say({
        en: `sessions ended: ${sessionIds.length} (${reason})`,
        zh: `结束了 ${sessionIds.length} 个会话（${reason}）`,
      }),
    ),
  )
  login.on("login.failed", ({ code }) =>
    line(red("✗"), say({ en: `no login: ${code}`, zh: `登录失败：${code}` })),
  )
}
