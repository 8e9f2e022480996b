import type { ProblemEntry } from "./problem-entry.ts"
import { later } from "./problem-entry.ts"

/** What can be wrong about who somebody is: identities, merges, deletions, scans. */
export const peopleProblems = {
  identity_taken: {
    status: 409,
    title: { en: "This WeChat identity is another user's", zh: "该微信身份已属于其他用户" },
    remedy: {
      en: "Nobody is moved silently. If both accounts are the same person's, merge them: POST /me/merge with a fresh proof of the other account.",
      zh: "系统不会自动迁移账号。如果两个账号属于同一人，请携带另一账号的有效凭证调用 POST /me/merge 合并。",
    },
  },
  last_way_in: {
    status: 409,
    title: { en: "This is the last way in", zh: "这是最后一种登录方式" },
    remedy: {
      en: "Add another way first: an identity (POST /me/identities), or where they are on a phone number proved by SMS (POST /me/phone). Without one nobody could log in to this account again.",
      zh: "请先添加其他登录方式：绑定其他身份（POST /me/identities），或在开启短信登录时用短信验证手机号（POST /me/phone），否则将无法再登录此账号。",
    },
  },
  merge_refused: {
    status: 409,
    title: { en: "These two accounts can't be merged", zh: "这两个账号不能合并" },
    remedy: {
      en: "`errors` says why: it is one account, one of them is leaving or was merged already, or both have a phone number (then `drop_phone: true` gives up the other one's). A merge can be undone once, within 30 days.",
      zh: "原因见 errors：是同一个账号、其中一个正在注销或已被合并，或两个账号都绑定了手机号（此时需 drop_phone: true 放弃另一账号的手机号）。合并只能在 30 天内撤销一次。",
    },
  },
  merge_proof_invalid: {
    status: 400,
    title: { en: "The other account is not proven", zh: "另一账号的凭证无效" },
    remedy: {
      en: "Send the other account's present refresh token, or a fresh code of its app. A refresh token that was used up, is over or was ended proves nothing.",
      zh: "请发送另一账号当前有效的刷新令牌，或其应用的新 code。已使用、已过期或已终止的刷新令牌无效。",
    },
  },
  account_deleted: {
    status: 403,
    title: { en: "This account was deleted", zh: "该账号已注销" },
    remedy: {
      en: 'Until `restore_until` the person can have it back: ask, and only if they say so log in with {"code": "<a new code>", "restore": true}. Without `restore_until` it is being erased: a login a few minutes later makes a new account. Don\'t try again by yourself.',
      zh: '在 restore_until 之前用户可以恢复账号：请先询问用户，用户确认后再用 {"code": "<新的 code>", "restore": true} 登录。没有 restore_until 表示数据正在清除，几分钟后登录将创建新账号。请勿自动重试。',
    },
  },
  person_mismatch: {
    status: 403,
    title: { en: "The code is not of the person who is logged in", zh: "code 与当前登录用户不符" },
    remedy: {
      en: "Call wx.login() on the device of the person who asks, in the same mini program, and send that code. If another WeChat account is in use there now, log in with it first.",
      zh: "请在当前用户的设备上、同一小程序中调用 wx.login() 并发送得到的 code。如果设备已切换微信号，请先用该微信号登录。",
    },
  },
  login_not_recent: {
    status: 403,
    title: { en: "Only shortly after a login", zh: "仅限刚刚登录后操作" },
    remedy: {
      en: "What adds a way in wants a login of the last 15 minutes, another WeChat account or a merge not one by scanning: log in once more (wx.login(), password or SMS), then send this again with the new access token.",
      zh: "添加登录方式要求 15 分钟内登录过，绑定其他微信身份和合并账号时还不能是扫码登录：请重新登录（wx.login()、密码或短信），再用新的访问令牌重试。",
    },
  },
  ticket_invalid: {
    status: 400,
    title: { en: "This code is over", zh: "二维码已失效" },
    remedy: {
      en: "Get another code with POST /scan: a code lives three minutes, works once, and only for the browser that asked for it. It is the same answer for codes that never were.",
      zh: "请用 POST /scan 获取新的小程序码：每个码三分钟内有效、只能使用一次，且只属于申请它的浏览器。不存在的码也得到同样的回答。",
    },
  },
  ticket_pending: {
    status: 400,
    title: { en: "Nobody has confirmed on the phone yet", zh: "尚未在手机上确认" },
    remedy: {
      en: "Wait until GET /scan/:id answers the status `confirmed`, then redeem.",
      zh: "请等 GET /scan/:id 返回状态 confirmed 后再兑换。",
    },
    ...later,
  },
  ticket_denied: {
    status: 403,
    title: { en: "The login was refused on the phone", zh: "已在手机上拒绝登录" },
    remedy: {
      en: "The person said no, or typed another number than the page shows. Offer a new code; don't ask again by yourself.",
      zh: "用户选择了拒绝，或输入的数字与网页上的不一致。可提供新的小程序码，但不要自动重试。",
    },
  },
  ticket_taken: {
    status: 403,
    title: { en: "Somebody else has scanned this code", zh: "此码已被其他人扫描" },
    remedy: {
      en: "Only the person who scanned first may answer. Get another code in the browser, and don't let others see it.",
      zh: "只有最先扫码的人可以确认。请在浏览器中获取新的码，并避免他人看到。",
    },
  },
  ticket_number_wrong: {
    status: 403,
    title: { en: "That is not the number on the page", zh: "数字与网页上的不一致" },
    remedy: {
      en: "This code is over now, so that nobody guesses. Get another one in the browser and type the number beside it.",
      zh: "为防止猜测，此码已失效。请在浏览器中获取新的码，并输入旁边显示的数字。",
    },
  },
  ticket_not_scanned: {
    status: 403,
    title: { en: "The code was not scanned with the camera", zh: "请用相机扫描屏幕上的码" },
    remedy: {
      en: "Only a page that WeChat's camera opened (scene 1047) may confirm; pictures, albums and shared cards may come from somebody else. Send `launch_scene` as wx.getEnterOptionsSync() has it.",
      zh: "只有用微信相机扫码打开的页面（场景值 1047）可以确认；图片、相册和分享卡片可能来自他人。launch_scene 请原样使用 wx.getEnterOptionsSync() 的值。",
    },
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>
