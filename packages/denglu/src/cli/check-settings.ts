import type { DengluConfig } from "../define-config.ts"
import { createClientAddress } from "../http/client-address.ts"
import type { Bilingual } from "../http/problem-entry.ts"
import { type AppOptions, type LoginOptions, settleOptions } from "../options.ts"
import { weaknessOfSecret } from "../session/secret-ring.ts"
import type { Environment } from "./command.ts"
import { hasPasswordPackages } from "./password-packages.ts"
import { appVariables, pushVariables, type Settings, variables } from "./settings.ts"
import { isSimulatedAppid, namesSimulator, simulatorProblems } from "./simulated-wechat.ts"
import { suggestionFor } from "./suggestion.ts"

/** A setting that is missing or wrong, and what to write instead. */
export interface Problem {
  /** `DENGLU_SECRET`, `--port`, `store in denglu.config.ts` */
  readonly setting: string
  readonly says: Bilingual
}

/** What `denglu start` needs, checked. */
export interface ServerSettings {
  readonly options: LoginOptions
  readonly port: number
  readonly host: string
  readonly logLevel: string
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"]

/** Checks all settings of a server and answers every problem there is, not only the first. */
export function checkServerSettings(
  settings: Settings,
  env: Environment,
): ServerSettings | readonly Problem[] {
  const problems = [
    ...(settings.appFromEnvironment ? appProblems(settings, env) : optionProblem(settings, "apps")),
    ...secretProblems(settings, env),
    ...storeProblems(settings),
    ...listenProblems(settings),
    ...simulatorProblems(settings),
    ...packageProblems(settings),
    ...(Object.keys(settings.sources) as (keyof DengluConfig)[])
      .filter(name => !["apps", "secret", "store", "port", "host", "logLevel"].includes(name))
      .filter(name => name !== "wechat" || !namesSimulator(settings))
      .flatMap(name => optionProblem(settings, name)),
  ]
  if (problems.length > 0) return problems
  const { port, host, logLevel, ...options } = settings.config as DengluConfig
  return {
    options: options as LoginOptions,
    port: port as number,
    host: host as string,
    logLevel: logLevel as string,
  }
}

const goodApp = { appid: "wx0000000000000000", secret: "0".repeat(32) }

/** What the library says about one option while all others are good; `undefined` if nothing. Apps may name one of the platforms. */
function complaintAbout(option: string, value: unknown, platforms?: unknown): string | undefined {
  const others =
    platforms === undefined || complaintAbout("platforms", platforms)
      ? {}
      : { platforms: platforms as NonNullable<LoginOptions["platforms"]> }
  try {
    if (["trustedProxies", "allowedOrigins", "claims"].includes(option) && !Array.isArray(value))
      throw new TypeError(`${option} must be a list`)
    if (option === "trustedProxies") createClientAddress(value as readonly string[])
    // The library would send whoever has a simulated appid to wechat.simulator, which is refused here: simulatorProblems tells of it.
    const wechat = ["apps", "platforms"].includes(option) ? { simulator: "http://127.0.0.1:3001" } : {}
    settleOptions({ apps: [goodApp], store: "memory:", secret: "", wechat, ...others, [option]: value })
    return undefined
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}

function optionProblem({ config, sources }: Settings, name: keyof DengluConfig): readonly Problem[] {
  const complaint = complaintAbout(name, config[name], name === "apps" ? config.platforms : undefined)
  return complaint === undefined
    ? []
    : [{ setting: sources[name] ?? name, says: { en: complaint, zh: `不正确：${complaint}` } }]
}

function appProblems({ config }: Settings, env: Environment): readonly Problem[] {
  const [{ appid, secret, push }] = config.apps as [AppOptions]
  const problems: Problem[] = []
  if (appid === "") {
    problems.push(
      missing(appVariables.appid, env, {
        en: "the AppID, wx and 16 more characters, from mp.weixin.qq.com → 开发管理",
        zh: "AppID（wx 加 16 个字符），见 mp.weixin.qq.com → 开发管理",
      }),
    )
  } else if (!isSimulatedAppid(appid) && complaintAbout("apps", [{ ...goodApp, appid }]) !== undefined) {
    problems.push({
      setting: appVariables.appid,
      says: {
        en: "is not an AppID: wx and 16 more characters, from mp.weixin.qq.com → 开发管理",
        zh: "不是有效的 AppID：wx 加 16 个字符，见 mp.weixin.qq.com → 开发管理",
      },
    })
  }
  if (secret === "") {
    problems.push(
      missing(appVariables.secret, env, {
        en: "the AppSecret, 32 characters, from the same page",
        zh: "AppSecret（32 个字符），在同一页面",
      }),
    )
  } else if (complaintAbout("apps", [{ ...goodApp, secret }]) !== undefined) {
    problems.push({
      setting: appVariables.secret,
      says: {
        en: "is not an AppSecret: 32 characters, from mp.weixin.qq.com → 开发管理",
        zh: "不是有效的 AppSecret：32 个字符，见 mp.weixin.qq.com → 开发管理",
      },
    })
  }
  return [...problems, ...pushProblems(push, env)]
}

function pushProblems(push: AppOptions["push"], env: Environment): readonly Problem[] {
  if (push === undefined) return []
  const { encodingAesKey } = push
  const goodPush = { token: "token" }
  const problems: Problem[] = []
  const token: Bilingual = {
    en: "the Token, 3 to 32 letters and digits, from mp.weixin.qq.com → 开发管理 → 消息推送",
    zh: "Token（3 到 32 个字母和数字），见 mp.weixin.qq.com → 开发管理 → 消息推送",
  }
  if (push.token === "") problems.push(missing(pushVariables.token, env, token))
  else if (complaintAbout("apps", [{ ...goodApp, push: { token: push.token } }]) !== undefined)
    problems.push({
      setting: pushVariables.token,
      says: { en: `is not a Token: ${token.en}`, zh: `不正确：${token.zh}` },
    })
  if (complaintAbout("apps", [{ ...goodApp, push: { ...goodPush, encodingAesKey } }]) !== undefined)
    problems.push({
      setting: pushVariables.encodingAesKey,
      says: {
        en: "is not an EncodingAESKey: 43 letters and digits, from mp.weixin.qq.com → 开发管理 → 消息推送",
        zh: "不是有效的 EncodingAESKey：43 个字母和数字，见 mp.weixin.qq.com → 开发管理 → 消息推送",
      },
    })
  return problems
}

const makeSecret: Bilingual = {
  en: "make one, once, and keep it as you keep a password: openssl rand -base64 32",
  zh: "请生成一次并像密码一样保存：openssl rand -base64 32",
}

/** The secrets as a list; empty if there are none. */
export function secretsOf({ config }: Settings): readonly string[] {
  if (typeof config.secret === "string") return config.secret === "" ? [] : [config.secret]
  return Array.isArray(config.secret) ? config.secret : []
}

export function secretProblems(settings: Settings, env: Environment): readonly Problem[] {
  const secrets = secretsOf(settings)
  const setting = settings.sources.secret ?? variables.secret
  if (secrets.length === 0) return [missing(variables.secret, env, makeSecret)]
  return secrets.flatMap((secret, index) => {
    const weakness = typeof secret === "string" ? weaknessOfSecret(secret) : "is not a text"
    if (weakness === undefined) return []
    const [en, zh] = secrets.length > 1 ? [` (number ${index + 1})`, `（第 ${index + 1} 个）`] : ["", ""]
    return [
      {
        setting,
        says: {
          en: `${weakness.replace(/:.*/, "")}${en}; ${makeSecret.en}`,
          zh: `强度不够${zh}：至少 32 个字符、10 种不同字符，且不能是示例文字；${makeSecret.zh}`,
        },
      },
    ]
  })
}

/** Whether it can be opened is found out by opening it; what no engine is there for is known now. */
function storeProblems({ config, sources }: Settings): readonly Problem[] {
  const { store } = config
  const known =
    typeof store === "string"
      ? /^(memory:$|(sqlite|postgres|postgresql|mysql|mariadb):.)/s.test(store)
      : store instanceof Object
  if (known) return []
  return [
    {
      setting: sources.store ?? "store",
      says: {
        en: "names no store there is: sqlite:./data/login.db, postgres://…, mysql://…, or memory: to forget everything at the end",
        zh: "不是可用的存储：应为 sqlite:./data/login.db、postgres://…、mysql://…，或 memory:（退出后数据丢失）",
      },
    },
  ]
}

function listenProblems({ config, sources }: Settings): readonly Problem[] {
  const { port, host, logLevel } = config
  const problems: Problem[] = []
  if (!Number.isInteger(port) || (port as number) < 0 || (port as number) > 65_535)
    problems.push({
      setting: sources.port ?? "port",
      says: { en: "is not a port: a number from 1 to 65535", zh: "不是端口号：应为 1 到 65535 的数字" },
    })
  if (typeof host !== "string" || !/^[0-9A-Za-z.:_%-]+$/.test(host))
    problems.push({
      setting: sources.host ?? "host",
      says: {
        en: "is not an address to listen on: 127.0.0.1, or 0.0.0.0 in a container",
        zh: "不是监听地址：应为 127.0.0.1，容器中可用 0.0.0.0",
      },
    })
  if (!logLevels.includes(logLevel as string))
    problems.push({
      setting: sources.logLevel ?? "logLevel",
      says: { en: `is none of ${logLevels.join(", ")}`, zh: `应为 ${logLevels.join("、")} 之一` },
    })
  return problems
}

/** Two packages that come only with logins by password. */
function packageProblems({ config, sources }: Settings): readonly Problem[] {
  const wanted = typeof config.passwords === "object" && config.passwords !== null
  if (!wanted || hasPasswordPackages()) return []
  const install = "npm install @node-rs/argon2 @zxcvbn-ts/language-common"
  return [
    {
      setting: sources.passwords ?? "passwords",
      says: { en: `needs two packages: ${install}`, zh: `需要两个依赖包：${install}` },
    },
  ]
}

/** A variable that isn't set. One that was set under a name like it was probably meant: its name is shown, never its value. */
function missing(variable: string, env: Environment, remedy: Bilingual): Problem {
  const taken: readonly string[] = [
    ...Object.values(variables),
    ...Object.values(appVariables),
    ...Object.values(pushVariables),
  ]
  const others = Object.keys(env).filter(
    name => /WX|WECHAT|WEIXIN|DENG|APP_?ID/i.test(name) && !taken.includes(name),
  )
  const inOurWords = new Map(others.map(name => [name.replace(/^(WX|WEIXIN)(?=_)/i, "WECHAT"), name]))
  const near = inOurWords.get(suggestionFor(variable, [...inOurWords.keys()]) ?? "")
  return {
    setting: variable,
    says: {
      en: `is missing${near ? ` (${near} is set: a slip?)` : ""}: ${remedy.en}`,
      zh: `未设置${near ? `（设置了 ${near}，是否写错了？）` : ""}：${remedy.zh}`,
    },
  }
}
