import type { Flag } from "./command.ts"

export const config: Flag = {
  name: "config",
  value: "FILE",
  says: {
    en: "configuration; default: denglu.config.ts, .js or .mjs, if there is one",
    zh: "配置文件，默认为 denglu.config.ts、.js 或 .mjs（如果存在）",
  },
}
export const dev: Flag = {
  name: "dev",
  says: {
    en: "work on what `denglu dev` keeps under .denglu/",
    zh: "操作 denglu dev 保存在 .denglu/ 中的数据",
  },
}
export const json: Flag = { name: "json", says: { en: "for scripts", zh: "输出 JSON，供脚本使用" } }
export const user: Flag = { name: "user", value: "ID", says: { en: "of this user", zh: "该用户的" } }

export const limit: Flag = {
  name: "limit",
  value: "N",
  says: { en: "at most so many; default: 50", zh: "最多条数，默认 50" },
}

/** Where commands find store and secret: told once, for all that need it. */
export const whereSettings = {
  en: "Store and secret come from DENGLU_STORE and DENGLU_SECRET or the configuration file, as for `denglu start`.\nThe server may be running meanwhile.",
  zh: "存储和密钥来自 DENGLU_STORE、DENGLU_SECRET 或配置文件，与 denglu start 相同。\n服务器运行时也可以使用。",
}
