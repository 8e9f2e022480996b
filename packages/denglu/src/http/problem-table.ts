import type { ErrorCode } from "../errors.ts"
import { avatarProblems } from "./avatar-problems.ts"
import { passwordProblems } from "./password-problems.ts"
import { peopleProblems } from "./people-problems.ts"
import { later, type ProblemEntry } from "./problem-entry.ts"
import { smsProblems } from "./sms-problems.ts"

/** Every error code with its status and its words. 401 is only for tokens, so that a client may read it as "refresh or log in". */
export const problemTable: Readonly<Record<ErrorCode, ProblemEntry>> = {
  invalid_request: {
    status: 400,
    title: { en: "The request is not as it should be", zh: "请求格式不正确" },
    remedy: {
      en: 'Send a JSON object with the fields that `errors` names. For a login: {"code": "<the code of wx.login()>"}.',
      zh: '请发送 JSON 对象，并按 errors 中列出的字段修改。登录请求形如 {"code": "wx.login() 得到的 code"}。',
    },
  },
  payload_too_large: {
    status: 413,
    title: { en: "The body is too large", zh: "请求体过大" },
    remedy: {
      en: "Send at most 16 kB; WeChat's message push may have 64 kB, an avatar 2 MB unless `avatars.maxBytes` says otherwise.",
      zh: "请求体最多 16 kB；微信消息推送最多 64 kB，头像默认最多 2 MB（avatars.maxBytes）。",
    },
  },
  not_found: {
    status: 404,
    title: { en: "There is nothing here", zh: "资源不存在" },
    remedy: {
      en: "Check path and id. /openapi.json lists all routes.",
      zh: "请检查路径和 id，/openapi.json 列出了全部接口。",
    },
  },
  method_not_allowed: {
    status: 405,
    title: { en: "The path does not answer this method", zh: "该路径不支持此请求方法" },
    remedy: { en: "Use one of the methods in the `Allow` header.", zh: "请使用 Allow 响应头中列出的方法。" },
  },
  rate_limited: {
    status: 429,
    title: { en: "Too many requests", zh: "请求过于频繁" },
    remedy: {
      en: "Wait as long as `Retry-After` says. If all your users share one address here, name your reverse proxy in `trustedProxies`; limits are set in `limits`.",
      zh: "请等待 Retry-After 指定的秒数。若所有用户在这里显示为同一地址，请在 trustedProxies 中配置反向代理；限额由 limits 选项设置。",
    },
    ...later,
  },
  code_invalid: {
    status: 400,
    title: { en: "WeChat does not know this code", zh: "code 无效" },
    remedy: {
      en: "Call wx.login() again and send the new code at once: a code lives 5 minutes and belongs to one appid. Check that the mini program's appid is the one configured on the server; the code of a phone-number button does not log in, it goes to POST /me/phone, and DevTools with a tourist appid only gives a mock code.",
      zh: "请重新调用 wx.login() 并立即发送新的 code：code 有效期 5 分钟且只属于一个 appid。请确认小程序的 appid 与服务器配置一致；手机号按钮得到的 code 不能用于登录，应发送到 POST /me/phone；开发者工具的游客 appid 只会返回模拟 code。",
    },
    clientAction: "new_code",
  },
  code_used: {
    status: 400,
    title: { en: "This code was used before", zh: "code 已被使用" },
    remedy: {
      en: "A code works once. Call wx.login() for every login, and don't send one code twice (double taps, retries).",
      zh: "每个 code 只能使用一次。每次登录都要重新调用 wx.login()，不要重复发送同一个 code（例如连点或自动重试）。",
    },
    clientAction: "new_code",
  },
  code_blocked: {
    status: 403,
    title: { en: "WeChat refuses to log this person in", zh: "微信拒绝该用户登录" },
    remedy: {
      en: "WeChat counts this WeChat account as high-risk (40226). Nothing on the server helps; the person can ask WeChat's support.",
      zh: "微信判定该微信号为高风险用户（40226），服务器无法处理，请用户联系微信客服。",
    },
  },
  snapshot_user: {
    status: 403,
    title: { en: "This page is only shown as a preview", zh: "当前为快照页访问" },
    remedy: {
      en: "WeChat showed the page as a preview (快照页) with a virtual openid, which means nobody. Let the person open the whole page (使用完整服务) and log in there.",
      zh: "微信以快照页方式展示页面，返回的是虚拟 openid，不对应任何用户。请引导用户点击“使用完整服务”后重新登录。",
    },
  },
  phone_code_invalid: {
    status: 400,
    title: { en: "WeChat does not know this phone-number code", zh: "手机号 code 无效" },
    remedy: {
      en: "Let the person tap the phone-number button again and send `e.detail.code` at once: it lives 5 minutes, works once, and only for the person and the mini program it is from. The code of wx.login() does not work here, it goes to POST /login.",
      zh: "请让用户再次点击手机号按钮并立即发送 e.detail.code：有效期 5 分钟，只能使用一次，且只适用于获取它的用户和小程序。wx.login() 的 code 不能用在这里，应发送到 POST /login。",
    },
  },
  phone_taken: {
    status: 409,
    title: { en: "This phone number belongs to another account", zh: "该手机号已绑定其他账号" },
    remedy: {
      en: "Let the person log in to the other account and remove the number there (DELETE /me/phone), or use another number. Nobody is moved into another account by a number, since numbers are given to other people after a while; if that has happened, your support frees it with login.users.unbindPhone(id).",
      zh: "请用户登录另一个账号并解绑手机号（DELETE /me/phone），或换一个手机号。手机号会被运营商重新分配，因此不会凭手机号把用户移入其他账号；若号码已换主人，可由客服用 login.users.unbindPhone(id) 释放。",
    },
  },
  open_data_invalid: {
    status: 400,
    title: { en: "The open data can't be read", zh: "开放数据无法解密" },
    remedy: {
      en: "Log in again, then ask the person for the data again: the session_key may have changed in between. Send encryptedData and iv exactly as received.",
      zh: "请先重新登录，再让用户重新授权获取数据：session_key 可能已变化。encryptedData 和 iv 必须原样发送。",
    },
    clientAction: "relogin",
  },
  session_key_stale: {
    status: 400,
    title: { en: "The session_key is out of date", zh: "session_key 已过期" },
    remedy: {
      en: "Log in again with wx.login(), then repeat the action.",
      zh: "请用 wx.login() 重新登录后再试。",
    },
    clientAction: "relogin",
  },
  session_key_missing: {
    status: 400,
    title: { en: "This login has no session_key", zh: "该登录没有 session_key" },
    remedy: {
      en: "Only wx.login() in a mini program brings a session_key: log in there by POST /login {code}. The login of a website, of an official account or by cloud hosting has none.",
      zh: "只有小程序的 wx.login() 会带来 session_key：请在小程序中调用 POST /login {code} 登录。网站、公众号和云托管方式的登录没有 session_key。",
    },
  },
  token_missing: {
    status: 401,
    title: { en: "An access token is needed", zh: "缺少访问令牌" },
    remedy: {
      en: "Log in (POST /login), then send the header `Authorization: Bearer <access_token>`.",
      zh: "请先登录（POST /login），再在请求头中携带 Authorization: Bearer <access_token>。",
    },
    clientAction: "relogin",
  },
  token_invalid: {
    status: 401,
    title: { en: "The token is not valid", zh: "令牌无效" },
    remedy: {
      en: "Send the token exactly as /login or /refresh answered it; if that does not help, log in again.",
      zh: "请原样发送 /login 或 /refresh 返回的令牌；如仍失败，请重新登录。",
    },
    clientAction: "relogin",
  },
  token_expired: {
    status: 401,
    title: { en: "The token is over", zh: "令牌已过期" },
    remedy: {
      en: "For an access token: POST /refresh with the refresh token. For a refresh token: log in again.",
      zh: "访问令牌过期：用刷新令牌调用 POST /refresh。刷新令牌过期：请重新登录。",
    },
    clientAction: "refresh",
  },
  session_revoked: {
    status: 401,
    title: { en: "The session was ended", zh: "会话已被终止" },
    remedy: {
      en: "The person logged out, or somebody ended the session. Log in again.",
      zh: "用户已退出登录，或会话被终止。请重新登录。",
    },
    clientAction: "relogin",
  },
  refresh_reused: {
    status: 401,
    title: { en: "This refresh token was used before", zh: "刷新令牌已被使用过" },
    remedy: {
      en: "The session is ended, because two parties held the same refresh token. Log in again; keep only the newest refresh token, and refresh once for all waiting requests.",
      zh: "同一刷新令牌被两方持有，会话已终止。请重新登录；客户端只保存最新的刷新令牌，并发请求只刷新一次。",
    },
    clientAction: "relogin",
  },
  origin_refused: {
    status: 403,
    title: { en: "Pages of this origin may not do this", zh: "不允许该来源的页面调用" },
    remedy: {
      en: "Logins of web pages and cookies are for pages of this host, and of the origins in `allowedOrigins`, exactly as browsers send them. Clients that are no browsers send neither `Origin` nor cookies.",
      zh: "网页登录和 Cookie 只对本主机的页面，以及 allowedOrigins 中逐字列出的来源有效；非浏览器客户端不要发送 Origin 和 Cookie。",
    },
  },
  push_refused: {
    status: 403,
    title: { en: "This push does not come from WeChat", zh: "消息推送校验失败" },
    remedy: {
      en: "Only WeChat sends pushes. If it was WeChat: compare Token, EncodingAESKey and mode with 开发管理 → 消息推送 at mp.weixin.qq.com, and the server's clock with the time; the log says which check failed.",
      zh: "只有微信会发送消息推送。若确实来自微信：请核对 Token、EncodingAESKey 和加密方式与 mp.weixin.qq.com → 开发管理 → 消息推送一致，并检查服务器时钟；日志会说明哪项校验失败。",
    },
  },
  ...passwordProblems,
  ...peopleProblems,
  ...avatarProblems,
  ...smsProblems,
  app_unknown: {
    status: 400,
    title: { en: "This appid is not configured here", zh: "未配置该 appid" },
    remedy: {
      en: "Add the app with its secret to `apps`, or send the appid of one that is there. Where it logs in through a third-party platform, its administrator has to authorise that.",
      zh: "请在 apps 中加入该应用及其 AppSecret，或发送已配置的 appid。若通过第三方平台登录，须先由小程序管理员授权。",
    },
  },
  app_misconfigured: {
    status: 500,
    title: { en: "The server's WeChat settings are wrong", zh: "服务器的微信配置有误" },
    remedy: {
      en: "The operator finds the reason in the server's log; `npx denglu doctor` checks appid and secret.",
      zh: "请运维查看服务器日志；运行 npx denglu doctor 可检查 appid 和 AppSecret。",
    },
  },
  app_unauthorized: {
    status: 403,
    title: {
      en: "This mini program has not authorised the third-party platform",
      zh: "该小程序未授权给第三方平台",
    },
    remedy: {
      en: "An administrator of the mini program has to authorise the platform (again), by the address that `login.platforms.authorizationUrl` makes; trying again does not help until then.",
      zh: "请小程序管理员（重新）授权给第三方平台，授权链接由 login.platforms.authorizationUrl 生成；在此之前重试无效。",
    },
  },
  platform_not_ready: {
    status: 503,
    title: {
      en: "The third-party platform can't ask WeChat yet",
      zh: "第三方平台尚未就绪",
    },
    remedy: {
      en: "Try again after `Retry-After`, with a new code from wx.login(). If it stays: WeChat pushes a component_verify_ticket every ten minutes, and none has come that is good; `npx denglu doctor` says more.",
      zh: "请在 Retry-After 之后用新的 code 重试。若持续出现：微信每十分钟推送一次 component_verify_ticket，目前没有可用的；运行 npx denglu doctor 查看原因。",
    },
    ...later,
  },
  wechat_busy: {
    status: 503,
    title: { en: "WeChat is busy", zh: "微信系统繁忙" },
    remedy: {
      en: "Try again after `Retry-After`, with a new code: of wx.login(), or for a phone number of another tap.",
      zh: "请在 Retry-After 之后用新的 code 重试：登录用 wx.login() 的新 code，手机号需用户再次点击按钮。",
    },
    ...later,
  },
  wechat_rate_limited: {
    status: 503,
    title: { en: "WeChat's quota for this app is used up", zh: "微信接口调用超出限额" },
    remedy: {
      en: "Try again after `Retry-After`. If it stays, look at the quota at mp.weixin.qq.com; people who are logged in are not affected.",
      zh: "请在 Retry-After 之后重试。若持续出现，请在 mp.weixin.qq.com 查看接口额度；已登录用户不受影响。",
    },
    ...later,
  },
  wechat_unreachable: {
    status: 503,
    title: { en: "WeChat does not answer", zh: "无法连接微信" },
    remedy: {
      en: "Try again with a new code, of wx.login() or for a phone number of another tap: the old one may be used up. If it stays, check the server's way to api.weixin.qq.com (DNS, firewall, proxy).",
      zh: "请用新的 code 重试（旧的可能已失效；手机号需用户再次点击按钮）。若持续出现，请检查服务器到 api.weixin.qq.com 的网络（DNS、防火墙、代理）。",
    },
    ...later,
  },
  store_unavailable: {
    status: 503,
    title: { en: "The database is not available", zh: "数据库不可用" },
    remedy: {
      en: "Try again after `Retry-After`. The operator checks the database: is it up, is the disk full?",
      zh: "请在 Retry-After 之后重试。请运维检查数据库是否在线、磁盘是否已满。",
    },
    ...later,
  },
  overloaded: {
    status: 503,
    title: { en: "The server has more to do than it can", zh: "服务器过载" },
    remedy: {
      en: "Try again after `Retry-After`; nothing has happened, so the same code still works. The operator starts more instances.",
      zh: "请在 Retry-After 之后重试；请求未被处理，原来的 code 仍可使用。请运维增加实例。",
    },
    ...later,
  },
  internal: {
    status: 500,
    title: { en: "Something went wrong here", zh: "服务器内部错误" },
    remedy: {
      en: "Tell the operator the `request_id`; the log has the rest under it.",
      zh: "请将 request_id 告知运维，可据此在日志中查到详情。",
    },
  },
}
