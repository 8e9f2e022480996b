import type { Text } from "../protocol.ts"

/** What Denglu's errors lead to, by their code. The SDK is @denglu/miniprogram. */
export const errorNotes: Readonly<Record<string, Text>> = {
  code_used: {
    en: "A code works once. The SDK gets a new one from wx.login() and tries once more, unseen by the person.",
    zh: "每个 code 只能用一次。SDK 会用 wx.login() 取得新 code 再试一次，用户无感知。",
  },
  code_invalid: {
    en: "WeChat knows no such code, or it is older than five minutes. The SDK gets a new one from wx.login() and tries once more.",
    zh: "微信不认识这个 code，或它已超过五分钟。SDK 会用 wx.login() 取得新 code 再试一次。",
  },
  phone_code_invalid: {
    en: "WeChat knows no such phone-number code, it is older than five minutes, or another person's. The person taps again.",
    zh: "微信不认识这个手机号 code，或它已超过五分钟，或属于别人。需用户再次点击按钮。",
  },
  picture_invalid: {
    en: "The picture is damaged, animated, too small or too large, or of another kind. The person chooses another one.",
    zh: "图片已损坏、是动图、过小或过大，或类型不支持。需用户另选一张。",
  },
  phone_taken: {
    en: "The number belongs to another user here. Nobody is moved: the person decides in which account it stays.",
    zh: "该号码已属于另一个用户。不会自动移动任何人，由用户决定号码留在哪个账号。",
  },
  ticket_invalid: {
    en: "There is no such code any more: it is over, or was used. The web page shows another one.",
    zh: "没有这个码了：已过期或已被用过。网页会显示新的码。",
  },
  ticket_taken: {
    en: "Somebody else has opened this code first. Only the first person may confirm.",
    zh: "已有其他人先扫了这个码。只有第一个扫码的人可以确认。",
  },
  ticket_denied: {
    en: "The person said no, or typed a wrong number. The code is over.",
    zh: "用户已拒绝，或输错了数字。这个码已作废。",
  },
  ticket_number_wrong: {
    en: "One wrong number ends the code: whoever can't see the web page has one guess in ninety.",
    zh: "输错一次数字，码就作废：看不到网页的人只能在九十个数字里猜一次。",
  },
  ticket_not_scanned: {
    en: "The code was not scanned with the camera, so it may have come from anywhere.",
    zh: "不是用相机扫的码，它可能来自任何地方。",
  },
  credentials_invalid: {
    en: "Account or password is wrong. The answer, and its time, are the same for accounts that don't exist.",
    zh: "账号或密码不正确。账号不存在时，返回内容和耗时也完全相同。",
  },
  sms_code_invalid: {
    en: "The digits are wrong, too old, used, or were sent to another browser.",
    zh: "验证码不正确、已过期、已用过，或不是发给这个浏览器的。",
  },
  code_blocked: {
    en: "WeChat refuses this person. Trying again does not help.",
    zh: "微信拒绝该用户登录，重试无效。",
  },
  wechat_busy: {
    en: "The server tried twice. The error says to wait: the mini program shows it, and a button to try again.",
    zh: "服务器已尝试两次。错误提示稍后再试，小程序应显示重试按钮。",
  },
  wechat_unreachable: {
    en: "WeChat did not answer in time. People who are logged in notice nothing.",
    zh: "微信未及时应答。已登录的用户不受影响。",
  },
  wechat_rate_limited: {
    en: "WeChat's quota is used up. People who are logged in notice nothing.",
    zh: "微信接口额度已用完。已登录的用户不受影响。",
  },
  app_misconfigured: {
    en: "WeChat refuses appid, secret or this server's address. The reason is in the server's log.",
    zh: "微信拒绝了 appid、AppSecret 或服务器 IP，原因见服务器日志。",
  },
  token_missing: {
    en: "There was no token. The SDK logs in first and sends the request after that.",
    zh: "请求未携带令牌。SDK 会先登录，再发送请求。",
  },
  token_invalid: {
    en: "The token is none of this server's, or was changed. The SDK gets a new one.",
    zh: "令牌不是本服务器签发的，或被改动过。SDK 会换取新令牌。",
  },
  token_expired: {
    en: "The token's time is over. The SDK trades its refresh token and repeats the request, unseen by the person.",
    zh: "令牌已过期。SDK 会用刷新令牌换新，并重发请求，用户无感知。",
  },
  session_revoked: {
    en: "Somebody ended this session on purpose. The SDK does not log in by itself again: that takes a tap.",
    zh: "会话已被主动终止。SDK 不会自动重新登录，需要用户再次点击。",
  },
  refresh_reused: {
    en: "Two parties hold the same refresh token, so one of them stole it. The session is ended for both.",
    zh: "同一刷新令牌被两方使用，说明可能被盗，会话对双方都已终止。",
  },
  rate_limited: {
    en: "Too many requests from this address. Retry-After says how long to wait.",
    zh: "该地址请求过于频繁，请按 Retry-After 等待。",
  },
  store_unavailable: {
    en: "The database does not answer. Nothing was changed.",
    zh: "数据库不可用，未做任何更改。",
  },
}
