import type { ProblemEntry } from "./problem-entry.ts"

/** What can be wrong about accounts and passwords. */
export const passwordProblems = {
  credentials_invalid: {
    status: 400,
    title: { en: "Account or password is wrong", zh: "账号或密码错误" },
    remedy: {
      en: "Have the person type both again, or offer another way in; who has forgotten their password gets another one by POST /password/reset. It is the same answer for accounts there are not.",
      zh: "请用户重新输入账号和密码，或改用其他登录方式；忘记密码时可用 POST /password/reset 重设。账号不存在时也是同样的回答。",
    },
  },
  password_refused: {
    status: 400,
    title: { en: "This password can't be chosen", zh: "不能使用这个密码" },
    remedy: {
      en: "`errors` says why. Have the person choose another one: 8 to 128 characters of any kind, not the account's name, and none of those that are tried first. Several words make a good one.",
      zh: "原因见 errors。请用户换一个密码：8 到 128 个任意字符，不能与账号名相同，也不能是常见密码。用几个词组成的密码就很好。",
    },
  },
  account_taken: {
    status: 409,
    title: { en: "Somebody else has this account name", zh: "该账号名已被使用" },
    remedy: {
      en: "Have the person choose another name, or log in if it is theirs.",
      zh: "请用户换一个账号名；如果账号是用户自己的，请直接登录。",
    },
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>
