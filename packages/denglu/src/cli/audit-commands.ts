import type { Command } from "./command.ts"
import { config, dev, json, limit, whereSettings } from "./flags.ts"

/** The commands about the audit, in the order of the help. */
export const auditCommands: readonly Command[] = [
  {
    name: "audit show",
    says: { en: "what was changed, by whom and when, the latest first", zh: "查看审计事件，最新的在前" },
    flags: [
      {
        name: "user",
        value: "ID",
        says: {
          en: "of this user; without it those about nobody, such as signing keys",
          zh: "该用户的；不指定则显示与用户无关的，如签名密钥变更",
        },
      },
      limit,
      config,
      dev,
      json,
    ],
    more: whereSettings,
    examples: [
      { line: "npx denglu audit show --user 7q0…", says: { en: "one user's", zh: "某个用户的" } },
      {
        line: "npx denglu audit show --user 7q0… --limit 10000 --json",
        says: { en: "all of it, for a script", zh: "全部，供脚本使用" },
      },
    ],
    load: async () => (await import("./audit.ts")).runAuditShow,
  },
  {
    name: "audit verify",
    says: {
      en: "whether all events are as they were written, and none is missing",
      zh: "校验所有审计事件是否与写入时一致、有无缺失",
    },
    flags: [
      {
        name: "expect",
        value: "HEAD",
        says: {
          en: "what `denglu audit head` printed: the chain must still have it",
          zh: "denglu audit head 打印的内容：链中必须仍有它",
        },
      },
      config,
      dev,
      json,
    ],
    more: {
      en: `It names the first thing that is wrong: an event that was changed, removed or slipped in, a block that was changed, is
missing, or was not made with DENGLU_SECRET, an event older than two minutes that is in no block. Then the exit code is 1.
Events and blocks that were cut off at the end leave no gap: only --expect finds that.
${whereSettings.en}`,
      zh: `会指出第一处问题：事件被修改、删除或插入，区块被修改、缺失或不是用 DENGLU_SECRET 生成，超过两分钟的事件不在任何
区块中。有问题时退出码为 1。从末尾整段截掉的事件和区块不会留下缺口，只有 --expect 能发现。
${whereSettings.zh}`,
    },
    examples: [
      { line: "npx denglu audit verify", says: { en: "the whole chain", zh: "校验整条链" } },
      {
        line: 'npx denglu audit verify --expect "$(cat audit-head.txt)"',
        says: { en: "also that its end is still there", zh: "同时确认末尾没有被截断" },
      },
    ],
    load: async () => (await import("./audit.ts")).runAuditVerify,
  },
  {
    name: "audit head",
    says: { en: "the last block, to be kept elsewhere", zh: "打印最后一个区块，供另行保存" },
    flags: [config, dev, json],
    more: {
      en: `Whoever may write the database can cut off the end of the chain, and what is left is a whole chain. Keep what this prints
somewhere they can't reach, such as another machine or a mailbox, every hour or day: \`denglu audit verify --expect\`
then finds out. It holds no secret.
${whereSettings.en}`,
      zh: `能写数据库的人可以截掉链的末尾，剩下的仍是一条完整的链。请每小时或每天把打印的内容保存到他们接触不到的地方，
如另一台机器或邮箱，之后用 denglu audit verify --expect 即可发现。内容不含机密。
${whereSettings.zh}`,
    },
    examples: [
      {
        line: "npx denglu audit head >> audit-heads.txt",
        says: { en: "in a job that runs every hour", zh: "放在每小时运行的任务中" },
      },
    ],
    load: async () => (await import("./audit.ts")).runAuditHead,
  },
]
