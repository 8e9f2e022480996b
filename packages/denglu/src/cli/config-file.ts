import { existsSync } from "node:fs"
import { basename, extname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type { DengluConfig } from "../define-config.ts"
import { CliError } from "./cli-error.ts"
import { suggestionFor } from "./suggestion.ts"

/** Every setting a configuration file may hold; the compiler sees to it that none is missing. */
const settingNames: Readonly<Record<keyof DengluConfig, true>> = {
  apps: true,
  avatars: true,
  avatarOrigins: true,
  platforms: true,
  store: true,
  redis: true,
  secret: true,
  issuer: true,
  allowedRedirects: true,
  browserSessions: true,
  audience: true,
  accessTokenLifetime: true,
  sessionIdleLifetime: true,
  sessionAbsoluteLifetime: true,
  refreshGrace: true,
  openDataMaxAge: true,
  coolingOff: true,
  onPurge: true,
  legacyPhoneData: true,
  auditRetention: true,
  signingKeyLifetime: true,
  claims: true,
  basePath: true,
  allowedOrigins: true,
  trustedProxies: true,
  cloudHosting: true,
  borrowers: true,
  scan: true,
  passwords: true,
  sms: true,
  limits: true,
  wechat: true,
  rememberTokens: true,
  port: true,
  host: true,
  logLevel: true,
}

const defaultNames = ["denglu.config.ts", "denglu.config.js", "denglu.config.mjs"]

/**
 * Loads the configuration file: the one that was asked for, else one of the default names in this folder, else none.
 *
 * @throws CliError if it isn't there, can't be loaded, or holds a setting that doesn't exist
 */
export async function loadConfigFile(
  cwd: string,
  asked: string | undefined,
): Promise<{ readonly name: string; readonly config: DengluConfig } | undefined> {
  const found = asked ?? defaultNames.find(name => existsSync(resolve(cwd, name)))
  if (found === undefined) return undefined
  const path = resolve(cwd, found)
  if (!existsSync(path))
    throw new CliError({
      en: `There is no file ${found} (--config).`,
      zh: `文件 ${found}（--config）不存在。`,
    })
  if (/^\.[cm]?ts$/.test(extname(path)) && !process.features.typescript)
    throw new CliError({
      en: `Node ${process.versions.node} can't read ${found} as it is: use Node 22.18 or later, or a denglu.config.mjs.`,
      zh: `Node ${process.versions.node} 无法直接读取 ${found}：请使用 Node 22.18 以上版本，或改用 denglu.config.mjs。`,
    })
  const name = basename(path)
  const config = await importDefault(path, name)
  if (config === null || typeof config !== "object" || Array.isArray(config))
    throw new CliError({
      en: `${name} must say: export default { apps: […], … }`,
      zh: `${name} 需要写成：export default { apps: […], … }`,
    })
  refuseUnknownSettings(name, Object.keys(config))
  return { name, config }
}

async function importDefault(path: string, name: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    return module.default
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : "it threw"
    throw new CliError({
      en: `${name} can't be loaded. ${what}`,
      zh: `无法加载 ${name}。${what}`,
    })
  }
}

function refuseUnknownSettings(name: string, given: readonly string[]): void {
  const known = Object.keys(settingNames)
  const unknown = given.filter(setting => !known.includes(setting))
  if (unknown.length === 0) return
  const list = (word: (setting: string, meant: string) => string) =>
    unknown
      .map(setting => {
        const meant = suggestionFor(setting, known)
        return meant === undefined ? setting : word(setting, meant)
      })
      .join(", ")
  throw new CliError({
    en: `${name} has settings that don't exist: ${list((setting, meant) => `${setting} (did you mean ${meant}?)`)}`,
    zh: `${name} 中有不存在的设置：${list((setting, meant) => `${setting}（是否想写 ${meant}？）`)}`,
  })
}
