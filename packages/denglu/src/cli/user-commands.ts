import type { Command, Flag } from "./command.ts"
import { config, dev, json, whereSettings } from "./flags.ts"

const yes: Flag = { name: "yes", says: { en: "don't ask", zh: "不再确认" } }

/** `denglu users …`: who is one person. */
export const userCommands: readonly Command[] = [
  {
    name: "users conflicts",
    says: { en: "one person who is two users, by unionid", zh: "列出 unionid 相同却是两个用户的情况" },
    flags: [config, dev, json],
    more: {
      en: `It happens when a mini program is bound to the open-platform account after people have logged in. Nobody is moved: merge them.\n${whereSettings.en}`,
      zh: `小程序在用户登录之后才绑定开放平台时会出现。系统不会自动迁移，请手动合并。\n${whereSettings.zh}`,
    },
    examples: [{ line: "npx denglu users conflicts", says: { en: "as a table", zh: "以表格显示" } }],
    load: async () => (await import("./users.ts")).listConflicts,
  },
  {
    name: "users show",
    says: {
      en: "a user: identities, phone number (masked), sessions, merges",
      zh: "查看用户的身份、手机号（已遮盖）、会话和合并记录",
    },
    argument: "ID",
    flags: [config, dev, json],
    more: {
      en: `The id of a user who was merged shows the one they were merged into.\n${whereSettings.en}`,
      zh: `已被合并的用户 ID 会显示其并入的用户。\n${whereSettings.zh}`,
    },
    examples: [{ line: "npx denglu users show 7q0…", says: { en: "one user", zh: "某个用户" } }],
    load: async () => (await import("./show-user.ts")).showUser,
  },
  {
    name: "users find",
    says: { en: "whose an openid, unionid or phone number is", zh: "按 openid、unionid 或手机号查找用户" },
    flags: [
      { name: "openid", value: "OPENID", says: { en: "of any app", zh: "任一应用的 openid" } },
      {
        name: "unionid",
        value: "UNIONID",
        says: { en: "of any open platform", zh: "任一开放平台的 unionid" },
      },
      {
        name: "phone",
        value: "NUMBER",
        says: {
          en: "+8613800138000; without the + of mainland China",
          zh: "如 +8613800138000，不带 + 时视为中国大陆号码",
        },
      },
      config,
      dev,
      json,
    ],
    more: {
      en: `The exit code is 1 if it is nobody's. What you type here stays in your shell's history.
${whereSettings.en}`,
      zh: `没有找到时退出码为 1。命令行内容会留在 shell 历史记录中。
${whereSettings.zh}`,
    },
    examples: [
      { line: "npx denglu users find --openid oA1b…", says: { en: "who that is", zh: "查找该用户" } },
    ],
    load: async () => (await import("./show-user.ts")).findUsers,
  },
  {
    name: "users delete",
    says: { en: "delete a user's account", zh: "注销用户" },
    argument: "ID",
    flags: [
      {
        name: "now",
        says: { en: "without cooling-off: erased in some seconds", zh: "不设冷静期，数秒后清除数据" },
      },
      yes,
      config,
      dev,
      json,
    ],
    more: {
      en: `Asks first. All sessions end within a second; after the cooling-off (coolingOff, 7 days) a running server calls onPurge and erases everything.
Until then a login with restore brings the account back, or denglu users restore.
${whereSettings.en}`,
      zh: `会先确认。全部会话在一秒内终止；冷静期（coolingOff，默认 7 天）结束后，运行中的服务器调用 onPurge 并清除全部数据。
在此之前，用户带 restore 登录或运行 denglu users restore 可恢复账号。
${whereSettings.zh}`,
    },
    examples: [
      { line: "npx denglu users delete 7q0…", says: { en: "look, then answer", zh: "查看后确认" } },
      { line: "npx denglu users delete 7q0… --now --yes", says: { en: "for good", zh: "立即彻底注销" } },
    ],
    load: async () => (await import("./leaving-users.ts")).deleteUser,
  },
  {
    name: "users restore",
    says: { en: "bring back a deleted account that is not erased yet", zh: "恢复尚未清除的已注销账号" },
    argument: "ID",
    flags: [config, dev, json],
    more: whereSettings,
    examples: [{ line: "npx denglu users restore 7q0…", says: { en: "one user", zh: "某个用户" } }],
    load: async () => (await import("./leaving-users.ts")).restoreUser,
  },
  {
    name: "users export",
    says: { en: "everything that is held of a user, as JSON", zh: "以 JSON 导出持有的用户全部数据" },
    argument: "ID",
    flags: [
      {
        name: "out",
        value: "FILE",
        says: {
          en: "a new file only you can read; default: standard output",
          zh: "写入新文件，仅自己可读；默认标准输出",
        },
      },
      config,
      dev,
    ],
    more: {
      en: `The same as GET /me/export: no token and no session_key, but the phone number in full.
${whereSettings.en}`,
      zh: `与 GET /me/export 相同：不含令牌和 session_key，但包含完整手机号。
${whereSettings.zh}`,
    },
    examples: [
      {
        line: "npx denglu users export 7q0… --out user.json",
        says: { en: "for who asks for their data", zh: "用户要求导出数据时" },
      },
    ],
    load: async () => (await import("./leaving-users.ts")).exportUser,
  },
  {
    name: "users merge",
    says: { en: "make two users one", zh: "合并两个用户" },
    argument: "SURVIVOR ABSORBED",
    flags: [
      yes,
      {
        name: "drop-phone",
        says: {
          en: "give up ABSORBED's phone number if both have one",
          zh: "两个用户都有手机号时，放弃被并入用户的手机号",
        },
      },
      config,
      dev,
      json,
    ],
    more: {
      en: `Shows what would happen, and asks. What ABSORBED has becomes SURVIVOR's; ABSORBED's sessions end within a second. It can be undone once, within 30 days.\nRows of your own don't move: login.users.merges() tells your server what was merged here.\n${whereSettings.en}`,
      zh: `先显示将发生的变化再确认。被并入用户的身份归保留的用户所有，其会话在一秒内终止。30 天内可撤销一次。\n业务数据不会自动迁移：服务端可用 login.users.merges() 得知这里的合并。\n${whereSettings.zh}`,
    },
    examples: [
      { line: "npx denglu users merge 7q0… 4k1…", says: { en: "look, then answer", zh: "查看后确认" } },
    ],
    load: async () => (await import("./users.ts")).mergeTwoUsers,
  },
  {
    name: "users undo-merge",
    says: { en: "give back what a merge moved", zh: "撤销一次合并" },
    argument: "ID",
    flags: [yes, config, dev, json],
    more: {
      en: `As far as the survivor still has it. Sessions that its identities have opened since then end.\n${whereSettings.en}`,
      zh: `归还仍在保留用户名下的身份，其后由这些身份打开的会话将终止。\n${whereSettings.zh}`,
    },
    examples: [
      { line: "npx denglu users undo-merge 2v8…", says: { en: "by the merge's id", zh: "按合并编号" } },
    ],
    load: async () => (await import("./users.ts")).undoOneMerge,
  },
]
