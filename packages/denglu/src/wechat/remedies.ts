/** What to do about an errcode, in the two languages we answer in. */
export interface Remedy {
  readonly en: string
  readonly zh: string
}

/** One remedy often serves several errcodes. */
export const remedies = {
  wait: {
    en: "Wait as long as `Retry-After` says, then try again.",
    zh: "请等待 Retry-After 指定的秒数后重试。",
  },
  newCode: {
    en: "Call wx.login() and send the new code at once. A code lives five minutes, works once, and only for the mini program it is from.",
    zh: "请重新调用 wx.login()，并立即发送新的 code。code 五分钟内有效、只能使用一次，且只适用于签发它的小程序。",
  },
  newPhoneCode: {
    en: "Let the person tap the getPhoneNumber button again and send the code it gives to POST /me/phone; it is not the code of wx.login(), which goes to POST /login.",
    zh: "请让用户再次点击 getPhoneNumber 按钮，并将其返回的 code 发送到 POST /me/phone；它与 wx.login() 的 code 不同，后者应发送到 POST /login。",
  },
  blocked: {
    en: "WeChat holds this person for a risk and refuses the login. Offer another way in; trying again does not help.",
    zh: "微信判定该用户存在风险并拒绝登录。请提供其他登录方式，重试无效。",
  },
  credentials: {
    en: "Copy appid and AppSecret from mp.weixin.qq.com → 开发管理 → 开发设置; then run `npx denglu doctor`.",
    zh: "请从 mp.weixin.qq.com → 开发管理 → 开发设置 复制 appid 和 AppSecret，然后运行 npx denglu doctor 检查。",
  },
  frozenSecret: {
    en: "Unfreeze the AppSecret at mp.weixin.qq.com → 开发管理 → 开发设置, or make a new one and configure that.",
    zh: "请在 mp.weixin.qq.com → 开发管理 → 开发设置 解冻 AppSecret，或重置后更新配置。",
  },
  allowList: {
    en: "Add this server's public address to the IP allow-list at mp.weixin.qq.com → 开发管理 → 开发设置, or switch the list off.",
    zh: "请在 mp.weixin.qq.com → 开发管理 → 开发设置 的 IP 白名单中加入本服务器的公网地址，或关闭白名单。",
  },
  account: {
    en: "Look at the account's state and notices at mp.weixin.qq.com; WeChat's support can lift a freeze.",
    zh: "请登录 mp.weixin.qq.com 查看账号状态和通知；解冻需联系微信客服。",
  },
  adminConfirmation: {
    en: "Let an administrator of the mini program confirm this server's address in the message WeChat sent, or add it to the IP allow-list.",
    zh: "请小程序管理员在微信通知中确认本服务器的地址，或将其加入 IP 白名单。",
  },
  quota: {
    en: "Look at the API's quota at mp.weixin.qq.com and ask for more or clear it; it starts afresh at midnight (UTC+8).",
    zh: "请在 mp.weixin.qq.com 查看接口额度，可申请提升或清零；额度每天零点（UTC+8）重置。",
  },
  accessToken: {
    en: "Another program fetches access tokens of this app without `stable_token`. Let all of them use `stable_token`.",
    zh: "可能有其他程序用旧接口获取该小程序的 access_token。请全部改用 stable_token。",
  },
  permission: {
    en: "Apply for the API at mp.weixin.qq.com; phone numbers are for verified mini programs of organisations only.",
    zh: "请在 mp.weixin.qq.com 申请该接口权限；获取手机号仅限已认证的非个人小程序。",
  },
  sessionKey: {
    en: "Call wx.login() and log in again; then ask for the data again.",
    zh: "请调用 wx.login() 重新登录，然后重新获取数据。",
  },
  parameter: {
    en: "Check scene (1 to 32 characters of those WeChat allows) and page (published, no leading slash, no query).",
    zh: "请检查 scene（1 到 32 个允许的字符）和 page（已发布，开头无斜杠，不带参数）。",
  },
  apiSecurity: {
    en: "Denglu does not sign API calls. Switch API security (API 安全) off for this API at mp.weixin.qq.com → 开发管理.",
    zh: "Denglu 不对接口请求签名。请在 mp.weixin.qq.com → 开发管理 关闭该接口的 API 安全。",
  },
  serverTime: {
    en: "Set this server's clock (NTP): it differs from WeChat's.",
    zh: "请校准服务器时间（NTP），它与微信服务器的时间不一致。",
  },
  platform: {
    en: "Compare appid and secret of the third-party platform with open.weixin.qq.com → 第三方平台 → 开发资料.",
    zh: "请核对第三方平台的 appid 和 secret 与 open.weixin.qq.com → 第三方平台 → 开发资料 一致。",
  },
  ticket: {
    en: "Wait for the next component_verify_ticket, at most ten minutes. If none comes, run `npx denglu doctor`.",
    zh: "请等待下一个 component_verify_ticket，最多十分钟。若一直没有，请运行 npx denglu doctor。",
  },
  authorization: {
    en: "Let an administrator of the mini program authorise the third-party platform again.",
    zh: "请小程序管理员重新授权给第三方平台。",
  },
  internal: {
    en: "This is a mistake in Denglu. Please report it with the errcode and the rid from the log.",
    zh: "这是 Denglu 的缺陷，请附上日志中的 errcode 和 rid 反馈。",
  },
  unknown: {
    en: "Look the errcode up in WeChat's documentation; the rid in the log can be looked up at mp.weixin.qq.com.",
    zh: "请在微信官方文档中查找该 errcode；日志中的 rid 可在 mp.weixin.qq.com 查询。",
  },
} as const satisfies Readonly<Record<string, Remedy>>
