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
    says: { en: "a user: identities, sessions, merges", zh: "查看用户的身份、会话和合并记录" },
    argument: "ID",
    flags: [config, dev, json],
    more: {
      en: `The id of a user who was merged shows the one they were merged into.\n${whereSettings.en}`,
      zh: `已被合并的用户 ID 会显示其并入的用户。\n${whereSettings.zh}`,
    },
    examples: [{ line: "npx denglu users show 7q0…", says: { en: "one user", zh: "某个用户" } }],
    load: async () => (await import("./users.ts")).showUser,
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
