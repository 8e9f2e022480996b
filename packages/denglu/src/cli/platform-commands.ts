import type { Command } from "./command.ts"
import { config, json, whereSettings } from "./flags.ts"

/** The commands about third-party platforms. */
export const platformCommands: readonly Command[] = [
  {
    name: "platforms list",
    says: {
      en: "third-party platforms, their tickets, and the mini programs that have authorised them",
      zh: "列出第三方平台、其票据以及已授权的小程序",
    },
    flags: [config, json],
    more: {
      en: `Platforms are those of the configuration file.\n${whereSettings.en}`,
      zh: `平台来自配置文件。\n${whereSettings.zh}`,
    },
    examples: [{ line: "npx denglu platforms list", says: { en: "as a table", zh: "以表格显示" } }],
    load: async () => (await import("./platforms.ts")).listPlatforms,
  },
  {
    name: "platforms start-push",
    says: {
      en: "has WeChat push the component_verify_ticket to a third-party platform, where it has stopped",
      zh: "请微信（重新）向第三方平台推送 component_verify_ticket",
    },
    argument: "APPID",
    flags: [config],
    more: {
      en: "APPID is the platform's; it may be left out where there is one only. The first ticket comes within ten minutes.",
      zh: "APPID 为第三方平台的 appid，只有一个平台时可省略。第一个票据会在十分钟内到达。",
    },
    examples: [
      {
        line: "npx denglu platforms start-push",
        says: { en: "if doctor misses it", zh: "doctor 提示没有票据时" },
      },
    ],
    load: async () => (await import("./platforms.ts")).startTicketPush,
  },
]
