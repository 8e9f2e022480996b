import type { ControlName, Text } from "../protocol.ts"

/** Something that can go wrong, or happen elsewhere, at a person's wish. */
export interface Fault {
  readonly control: ControlName
  readonly icon: string
  readonly title: Text
  /** What it does. */
  readonly does: Text
  /** What it waits for once it is switched on; `null` if it happens at once. */
  readonly waitsFor: Text | null
  /** What the SDK, or the server, makes of it. */
  readonly answer: Text
}

const aLogin: Text = { en: "waits for a login", zh: "等待下一次登录" }
const aRequest: Text = { en: "waits for a request", zh: "等待下一个请求" }

/** They wait for the request that they spoil. */
export const waitingFaults: readonly Fault[] = [
  {
    control: "code-used",
    icon: "repeat",
    title: { en: "Code already used", zh: "code 已被用过" },
    does: {
      en: "Somebody trades the next code before your server does.",
      zh: "下一个 code 会被别人抢先兑换掉。",
    },
    waitsFor: aLogin,
    answer: {
      en: "The server answers 400 code_used. The SDK gets a new code and sends that once.",
      zh: "服务器回 400 code_used；SDK 重新取一个 code，再发一次。",
    },
  },
  {
    control: "code-expired",
    icon: "hourglass",
    title: { en: "Code expired", zh: "code 过期" },
    does: {
      en: "The next code is over five minutes old when it is traded.",
      zh: "下一个 code 兑换时，已经超过五分钟。",
    },
    waitsFor: aLogin,
    answer: {
      en: "The server answers 400 code_invalid. The SDK gets a new code and sends that once.",
      zh: "服务器回 400 code_invalid；SDK 重新取一个 code，再发一次。",
    },
  },
  {
    control: "wechat-busy",
    icon: "busy",
    title: { en: "WeChat is busy", zh: "微信繁忙" },
    does: {
      en: "WeChat answers errcode -1 until your server gives up.",
      zh: "微信一直回 errcode -1，直到服务器放弃。",
    },
    waitsFor: aLogin,
    answer: {
      en: "The server has tried again already, so the SDK does not: the page shows wechat_busy, and a tap tries anew.",
      zh: "服务器已经重试过，SDK 就不再重试：页面提示 wechat_busy，再点一次即可。",
    },
  },
  {
    control: "slow-network",
    icon: "slow",
    title: { en: "Slow network", zh: "网络很慢" },
    does: { en: "The next request takes 3 s each way.", zh: "下一个请求来回各慢 3 秒。" },
    waitsFor: aRequest,
    answer: {
      en: "The SDK waits up to 10 s. Whoever asks meanwhile shares the one login under way.",
      zh: "SDK 最多等 10 秒；这期间的其他调用共用同一次登录，不会重复登录。",
    },
  },
  {
    control: "lost-response",
    icon: "lost",
    title: { en: "Response lost", zh: "响应丢失" },
    does: {
      en: "The server does its work, but its next reply never arrives.",
      zh: "服务器照常处理，但下一个响应在路上丢了。",
    },
    waitsFor: aRequest,
    answer: {
      en: "A login starts again with a new code; a refresh is repeated and answered the same. Nothing else is sent twice.",
      zh: "登录会换新 code 重来；续期会重发并得到同样的答复；其他请求绝不重发。",
    },
  },
]

/** They happen at once. */
export const instantFaults: readonly Fault[] = [
  {
    control: "token-expired",
    icon: "clock",
    title: { en: "Access token expires", zh: "访问令牌过期" },
    does: { en: "The server's clock jumps 31 minutes ahead.", zh: "服务器的时钟拨快 31 分钟。" },
    waitsFor: null,
    answer: {
      en: "At the next 401 the SDK trades its refresh token and sends the request once more. Nobody notices.",
      zh: "下次遇到 401，SDK 用刷新令牌换新的，再把请求发一次，用户毫无察觉。",
    },
  },
  {
    control: "rotate-session-key",
    icon: "key",
    title: { en: "session_key changes", zh: "session_key 更换" },
    does: {
      en: "WeChat issues a new session_key, as it may at any time.",
      zh: "微信换了 session_key；它随时可能这么做。",
    },
    waitsFor: null,
    answer: {
      en: "Your tokens do not depend on it: everybody stays logged in. The next login stores the new key.",
      zh: "令牌不依赖它，登录状态不变；下次登录会存下新的密钥。",
    },
  },
  {
    control: "restart-server",
    icon: "power",
    title: { en: "Restart the server", zh: "重启服务器" },
    does: { en: "The login server stops and starts again.", zh: "登录服务器停掉，再启动。" },
    waitsFor: null,
    answer: {
      en: "Sessions and signing keys are in the store, so every token still holds.",
      zh: "会话和签名密钥都在数据库里，所有令牌照样有效。",
    },
  },
  {
    control: "log-out-elsewhere",
    icon: "leave",
    title: { en: "Log out elsewhere", zh: "在别处退出" },
    does: {
      en: "This person's other phone logs out everywhere.",
      zh: "同一个人在另一台手机上退出所有设备。",
    },
    waitsFor: null,
    answer: {
      en: "The next request gets 401 session_revoked. The SDK forgets the session and waits for a tap.",
      zh: "下一个请求得到 401 session_revoked；SDK 清掉会话，等用户自己再点登录。",
    },
  },
]
