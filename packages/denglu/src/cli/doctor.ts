import { DengluError } from "../errors.ts"
import { createAppTokenShelf } from "../login/app-token-shelf.ts"
import type { AppKind } from "../options.ts"
import { createRandomBytes } from "../random.ts"
import { createSealer, type Sealer } from "../session/sealer.ts"
import { createSecretRing } from "../session/secret-ring.ts"
import { isSharedDatabase } from "../store/examine-database.ts"
import { openStore } from "../store/open-store.ts"
import type { Store } from "../store/store.ts"
import { createCaller } from "../wechat/call.ts"
import { checkCredentials } from "../wechat/check-credentials.ts"
import { checkServerSettings, type Problem, secretProblems, secretsOf } from "./check-settings.ts"
import type { Invocation } from "./command.ts"
import { openDevFolder } from "./dev-folder.ts"
import { checkAppToken } from "./doctor-app-token.ts"
import { checkDatabase } from "./doctor-database.ts"
import { checkPlatforms } from "./doctor-platforms.ts"
import { checkRedis } from "./doctor-redis.ts"
import { operatorRemedy } from "./doctor-remedy.ts"
import { checkLatestSessionKey, findLatestKey } from "./doctor-session-key.ts"
import {
  checkClock,
  checkStore,
  isOnlyInMemory,
  isUpToDate,
  missingFile,
  noStoreYet,
} from "./doctor-store.ts"
import type { Finding } from "./finding.ts"
import { readSettings } from "./settings.ts"

/** What doctor needs to know of an installation. */
interface Patient {
  readonly apps: readonly { readonly appid: string; readonly secret: string; readonly kind?: AppKind }[]
  readonly platforms: readonly string[]
  readonly store: string | undefined
  readonly redis: string | undefined
  readonly baseUrl: string
  /** Whether it is that of `denglu dev`. */
  readonly isDev: boolean
  readonly cloudHosting: boolean
  /** None where they are missing or too weak. */
  readonly secrets: readonly string[]
}

/** `denglu doctor`: every check there is, not only up to the first that fails. */
export async function runDoctor(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const findings: Finding[] = [checkNode()]
  const { patient: found, problems } = await examine(invocation)
  findings.push(...settingFindings(problems))
  const missing = missingFile(found.store, invocation.cwd)
  if (missing !== undefined) findings.push(noStoreYet(missing), checkClock(undefined))
  // Whoever opened it would make it.
  const patient = missing === undefined ? found : { ...found, store: undefined }
  if (patient.cloudHosting) findings.push(believedHeaders)
  const { store } = patient
  const ofStore =
    store === undefined
      ? []
      : await (isSharedDatabase(store) ? checkDatabase(store, Date.now) : checkStore(store))
  findings.push(...ofStore)
  // Whoever opened an older one would bring it up to date.
  const isWell = store !== undefined && ofStore.every(({ ok }) => ok) && (await isUpToDate(store))
  const opened = isWell ? store : undefined
  if (opened !== undefined) findings.push(...(await checkPlatforms(opened, patient.platforms, Date.now())))
  if (patient.redis !== undefined) findings.push(...(await checkRedis(patient.redis, Date.now)))
  for (const app of patient.apps) findings.push(...(await checkApp(app, { ...patient, store: opened })))
  const failed = findings.filter(({ ok }) => !ok).length
  if (flags.has("json")) {
    terminal.out(
      JSON.stringify({
        ok: failed === 0,
        findings: findings.map(({ check, ok, says }) => ({ check, ok, says: terminal.say(says) })),
      }),
    )
  } else {
    for (const { ok, check, says } of findings)
      terminal.out(
        `  ${ok ? terminal.green("✓") : terminal.red("✗")} ${terminal.bold(check)} ${terminal.say(says)}`,
      )
    terminal.out(
      failed === 0
        ? terminal.say({ en: "\nEverything is well.", zh: "\n一切正常。" })
        : terminal.say({ en: `\n${failed} to mend.`, zh: `\n有 ${failed} 项需要处理。` }),
    )
  }
  return failed === 0 ? 0 : 1
}

/** Nothing from here tells whether it is so. */
const believedHeaders: Finding = {
  check: "cloudHosting",
  ok: true,
  says: {
    en: "X-WX-OPENID is believed. Make sure that nobody reaches this service but through WeChat: switch its public address off.",
    zh: "已信任 X-WX-OPENID 请求头。请确认只有微信侧能访问本服务：关闭云托管的公网访问。",
  },
}

function checkNode(): Finding {
  return {
    check: "Node",
    ok: true,
    says: { en: `${process.versions.node} is new enough.`, zh: `${process.versions.node} 符合要求。` },
  }
}

async function examine(
  invocation: Invocation,
): Promise<{ readonly patient: Patient; readonly problems: readonly Problem[] }> {
  if (invocation.flags.has("dev")) {
    const { app, store, secret, simulatorUrl } = openDevFolder(invocation.cwd, false)
    return {
      patient: {
        apps: [app],
        platforms: [],
        store,
        redis: undefined,
        baseUrl: simulatorUrl ?? "http://127.0.0.1:3001",
        isDev: true,
        cloudHosting: false,
        secrets: [secret],
      },
      problems: [],
    }
  }
  const settings = await readSettings(invocation)
  const checked = checkServerSettings(settings, invocation.env)
  const problems = "options" in checked ? [] : checked
  const { apps, platforms, store, redis, wechat, cloudHosting } = settings.config as {
    readonly cloudHosting?: unknown
    readonly apps: readonly (Omit<Patient["apps"][number], "secret"> & { readonly secret?: string })[]
    readonly platforms?: readonly { readonly appid: string }[]
    readonly store: unknown
    readonly redis?: unknown
    readonly wechat?: { readonly baseUrl?: string }
  }
  const appsAreWrong = problems.some(({ setting }) => /WECHAT|apps/.test(setting))
  const storeIsWrong = problems.some(({ setting }) => /STORE|store/.test(setting))
  const redisIsWrong = problems.some(({ setting }) => /REDIS|redis/.test(setting))
  return {
    patient: {
      apps: appsAreWrong
        ? []
        : apps.filter((app): app is Patient["apps"][number] => app.secret !== undefined),
      platforms: problems.some(({ setting }) => /platforms/.test(setting))
        ? []
        : (platforms ?? []).map(({ appid }) => appid),
      store: typeof store === "string" && !storeIsWrong ? store : undefined,
      redis: typeof redis === "string" && !redisIsWrong ? redis : undefined,
      baseUrl: wechat?.baseUrl ?? "https://api.weixin.qq.com",
      isDev: false,
      cloudHosting: cloudHosting === true,
      secrets: secretProblems(settings, invocation.env).length === 0 ? secretsOf(settings) : [],
    },
    problems,
  }
}

function settingFindings(problems: readonly Problem[]): readonly Finding[] {
  if (problems.length > 0) return problems.map(({ setting, says }) => ({ check: setting, ok: false, says }))
  return [
    {
      check: "settings",
      ok: true,
      says: { en: "All are there; the secret is strong enough.", zh: "设置齐全，密钥强度足够。" },
    },
  ]
}

async function checkApp(app: Patient["apps"][number], patient: Patient): Promise<readonly Finding[]> {
  const caller = createCaller({ baseUrl: patient.baseUrl, clock: Date.now })
  try {
    const result = await checkCredentials(caller, app, app.kind)
    if (result.ok) {
      const says = { en: "WeChat accepts appid and secret.", zh: "微信接受该 appid 和 secret。" }
      const finding = { check: app.appid, ok: true, says }
      // A website has no access_token of this kind.
      if (app.kind === "website") return [finding]
      const { appid } = app
      const findKept = () =>
        lookInto(patient, (store, sealer) =>
          createAppTokenShelf({ appid, store, sealer, clock: Date.now, random: createRandomBytes() }).find(),
        )
      const token = await checkAppToken({ caller, app, findKept, now: Date.now, isDev: patient.isDev })
      const key =
        token.ok && app.kind !== "official_account"
          ? await lookInto(patient, (store, sealer) => findLatestKey(store, sealer, appid, Date.now()))
          : undefined
      return [finding, token, ...(key === undefined ? [] : [await checkLatestSessionKey(caller, app, key)])]
    }
    const { message } = result.error
    const remedy = operatorRemedy(result.error, patient.isDev)
    const says = { en: `${message}. ${remedy.en}`, zh: `${message}。${remedy.zh}` }
    return [{ check: app.appid, ok: false, says }]
  } finally {
    await caller.close()
  }
}

/** What is kept in the store of an app, read by `look`. What is wrong with the store itself is found by its own checks. */
async function lookInto<Result>(
  { store: url, secrets }: Patient,
  look: (store: Store, sealer: Sealer) => Promise<Result>,
): Promise<Result | undefined> {
  if (url === undefined || secrets.length === 0 || isOnlyInMemory(url)) return undefined
  try {
    const store = await openStore(url, { role: "guest" })
    try {
      return await look(store, createSealer(createSecretRing(secrets), createRandomBytes()))
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof DengluError || error instanceof TypeError) return undefined
    throw error
  }
}
