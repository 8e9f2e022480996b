import { later, type ProblemEntry } from "./problem-entry.ts"

/** What can be wrong about phone numbers as a way in, and about the messages sent to them. */
export const smsProblems = {
  phone_unconfirmed: {
    status: 409,
    title: { en: "This number does not open the account", zh: "该手机号暂不能用于登录此账号" },
    remedy: {
      en: "The number belongs to an account that was not proved by SMS, or not for so long that the number may be somebody else's by now. Let the person log in another way (WeChat, password) and confirm the number there: POST /sms with the purpose `bind`, then POST /me/phone. Who has no other way in, or has the number from somebody else, needs your support, which frees it with login.users.unbindPhone(id): the number then begins a new account.",
      zh: "该手机号所属账号未经短信验证，或距上次短信验证过久，号码可能已换主人。请用户用其他方式（微信、密码）登录后重新验证：POST /sms（purpose 为 bind），再调用 POST /me/phone。没有其他登录方式，或号码已换主人时，需由客服用 login.users.unbindPhone(id) 释放，该号码随后会开始一个新账号。",
    },
  },
  phone_unsupported: {
    status: 400,
    title: { en: "No messages go to this number", zh: "不支持向该号码发送短信" },
    remedy: {
      en: "Send a mobile number as +8613800138000, or without + for mainland China. Other countries are switched on by the option `sms.countries`.",
      zh: "请填写手机号，如 +8613800138000，中国大陆号码可省略 +86。其他国家或地区需在 sms.countries 选项中开启。",
    },
  },
  sms_code_invalid: {
    status: 400,
    title: { en: "These digits are not right", zh: "短信验证码错误或已失效" },
    remedy: {
      en: "Send the digits of the last message with the `sms_id` that POST /sms answered for it, once, within five minutes, and for the same purpose. After five tries, ask for others. It is the same answer for all of it.",
      zh: "请使用最近一条短信中的验证码和对应的 sms_id，五分钟内有效、只能使用一次、且用途必须一致；错误五次后请重新获取。以上情况的回答相同。",
    },
  },
  sms_unsent: {
    status: 503,
    title: { en: "The message could not be sent", zh: "短信发送失败" },
    remedy: {
      en: "Try again in a few seconds: it did not count for this number. The server's log says why, without the number.",
      zh: "请稍后重试：本次不计入该号码的次数。原因见服务器日志（不含号码）。",
    },
    ...later,
  },
  challenge_required: {
    status: 403,
    title: { en: "A challenge has to be passed first", zh: "请先完成人机验证" },
    remedy: {
      en: "Show the captcha of this site, and send what it gives as `challenge`.",
      zh: "请展示本站的人机验证，并把得到的票据放入 challenge 字段。",
    },
  },
  challenge_invalid: {
    status: 403,
    title: { en: "The challenge was not passed", zh: "人机验证未通过" },
    remedy: {
      en: "Show the captcha again: what it gives works once and not for long.",
      zh: "请重新进行人机验证：票据只能使用一次，且很快失效。",
    },
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>
