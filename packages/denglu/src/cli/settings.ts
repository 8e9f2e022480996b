import type { DengluConfig } from "../define-config.ts"
import type { AppOptions } from "../options.ts"
import type { PasswordOptions } from "../password-options.ts"
import type { Environment, Invocation } from "./command.ts"
import { flagText } from "./command.ts"
import { loadConfigFile } from "./config-file.ts"
import { smsFrom, smsVariables } from "./sms-settings.ts"

/** What environment, flags and configuration file say together, before anything of it is checked. */
export interface Settings {
  readonly config: Readonly<{ [Name in keyof DengluConfig]: unknown }>
  /** Where a setting comes from, for messages: `DENGLU_SECRET`, `--port`, `store in denglu.config.ts`. */
  readonly sources: Readonly<Partial<Record<keyof DengluConfig, string>>>
  /** Whether the apps come from `WECHAT_APPID` and `WECHAT_SECRET`. */
  readonly appFromEnvironment: boolean
}

/** The environment variable of a setting, and how its text is read. */
export const variables = {
  secret: "DENGLU_SECRET",
  store: "DENGLU_STORE",
  redis: "DENGLU_REDIS",
  port: "PORT",
  host: "HOST",
  issuer: "DENGLU_ISSUER",
  basePath: "DENGLU_BASE_PATH",
  trustedProxies: "DENGLU_TRUSTED_PROXIES",
  cloudHosting: "DENGLU_CLOUD_HOSTING",
  allowedOrigins: "DENGLU_ALLOWED_ORIGINS",
  allowedRedirects: "DENGLU_ALLOWED_REDIRECTS",
  browserSessions: "DENGLU_BROWSER_SESSIONS",
  passwords: "DENGLU_PASSWORDS",
  logLevel: "LOG_LEVEL",
} as const satisfies Partial<Record<keyof DengluConfig, string>>

const lists: readonly string[] = ["secret", "trustedProxies", "allowedOrigins", "allowedRedirects"]

/** The appid and the AppSecret of an installation with one app. */
export const appVariables = { appid: "WECHAT_APPID", secret: "WECHAT_SECRET" } as const

/** The message push of that app; without a token there is none. */
export const pushVariables = { token: "WECHAT_PUSH_TOKEN", encodingAesKey: "WECHAT_PUSH_AES_KEY" } as const

const defaults: DengluConfig = {
  store: "sqlite:./data/login.db",
  port: 3000,
  host: "127.0.0.1",
  logLevel: "info",
}

/**
 * Reads the settings: flags go over the environment, the environment over the configuration file, the file over the defaults.
 * Only its list of apps goes over `WECHAT_APPID`, because one app can't stand for a list.
 *
 * @throws CliError if the configuration file can't be loaded
 */
export async function readSettings(invocation: Invocation): Promise<Settings> {
  const { env, cwd } = invocation
  const file = await loadConfigFile(cwd, flagText(invocation, "config"))
  const config: { -readonly [Name in keyof DengluConfig]: unknown } = { ...defaults, ...file?.config }
  const sources: Partial<Record<keyof DengluConfig, string>> = {}
  for (const name of Object.keys(file?.config ?? {}) as (keyof DengluConfig)[])
    sources[name] = `${name} in ${file?.name}`
  for (const [name, variable] of Object.entries(variables) as [keyof typeof variables, string][]) {
    const text = env[variable]?.trim()
    if (!text) continue
    config[name] = lists.includes(name)
      ? text.split(/[\s,]+/).filter(part => part !== "")
      : readValue(name, text)
    sources[name] = variable
  }
  for (const name of ["port", "host"] as const) {
    const text = flagText(invocation, name)
    if (text === undefined) continue
    config[name] = readValue(name, text)
    sources[name] = `--${name}`
  }
  const sms = await smsFrom(env, file?.config.sms)
  if (sms !== undefined) Object.assign(config, { sms })
  if (sms !== file?.config.sms) sources.sms = smsVariables.provider
  // Whoever has a third-party platform need not have an app of their own.
  if (config.apps === undefined && config.platforms !== undefined && !env[appVariables.appid]?.trim())
    config.apps = []
  const appFromEnvironment = config.apps === undefined
  if (appFromEnvironment) config.apps = appFrom(env)
  return { config, sources, appFromEnvironment }
}

/** What is no number, or no yes or no, stays a text, and is complained of later. */
function readValue(name: string, text: string): string | number | boolean | PasswordOptions {
  if (name === "passwords") {
    if (/^register$/i.test(text)) return { registration: true }
    return /^(1|true|on)$/i.test(text) ? {} : /^(0|false|off)$/i.test(text) ? false : text
  }
  if (name === "browserSessions" || name === "cloudHosting")
    return /^(1|true|on)$/i.test(text) || (/^(0|false|off)$/i.test(text) ? false : text)
  return name === "port" && /^\d{1,5}$/.test(text) ? Number(text) : text
}

function appFrom(env: Environment): readonly AppOptions[] {
  const read = (variable: string) => env[variable]?.trim() ?? ""
  const app = { appid: read(appVariables.appid), secret: read(appVariables.secret) }
  const token = read(pushVariables.token)
  const encodingAesKey = read(pushVariables.encodingAesKey)
  if (token === "" && encodingAesKey === "") return [app]
  return [{ ...app, push: { token, ...(encodingAesKey === "" ? {} : { encodingAesKey }) } }]
}
