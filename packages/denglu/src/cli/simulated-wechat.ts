import type { DengluConfig } from "../define-config.ts"
import type { Problem } from "./check-settings.ts"
import { appVariables, type Settings } from "./settings.ts"

/** Who means a simulated WeChat is told where there is one; once, however many settings name it. */
const elsewhere = {
  en: 'The simulated WeChat is for `denglu dev`. To try several instances without an appid, call createLogin in a program of your own, with wechat.simulator and a database they share: store: "postgres://…".',
  zh: '模拟微信用于 denglu dev。没有 appid 而想试用多个实例时，请在自己的程序中调用 createLogin，设置 wechat.simulator 和共享的数据库：store: "postgres://…"。',
}

/** What of the settings belongs to a simulated WeChat: a server that is meant has the real one. */
export function simulatorProblems(settings: Settings): readonly Problem[] {
  const [first, ...others] = [...appidProblems(settings), ...addressProblems(settings)]
  if (first === undefined) return []
  const { setting, says } = first
  return [
    { setting, says: { en: `${says.en}. ${elsewhere.en}`, zh: `${says.zh}。${elsewhere.zh}` } },
    ...others,
  ]
}

/** Whether {@link simulatorProblems} says what there is to say of the setting `wechat`. */
export function namesSimulator({ config }: Settings): boolean {
  const { wechat } = config as DengluConfig
  return wechat?.simulator !== undefined || isLocal(wechat?.baseUrl)
}

export const isSimulatedAppid = (appid: unknown) => typeof appid === "string" && appid.startsWith("wxsim")

/** Of a plain http server on this machine. */
const isLocal = (url: unknown) =>
  typeof url === "string" && /^http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/i.test(url)

function appidProblems({ config, sources, appFromEnvironment }: Settings): readonly Problem[] {
  return (["apps", "platforms"] as const).flatMap(name => {
    const list: unknown = config[name]
    const fromVariable = name === "apps" && appFromEnvironment
    return (Array.isArray(list) ? list : [])
      .map(app => app?.appid)
      .filter(isSimulatedAppid)
      .map(appid => ({
        setting: fromVariable ? appVariables.appid : (sources[name] ?? name),
        says: {
          en: `${appid} belongs to a simulated WeChat: a real appid is needed, from mp.weixin.qq.com → 开发管理`,
          zh: `${appid} 属于模拟微信：需要真实的 appid，见 mp.weixin.qq.com → 开发管理`,
        },
      }))
  })
}

function addressProblems(settings: Settings): readonly Problem[] {
  if (!namesSimulator(settings)) return []
  const { config, sources } = settings
  const what = (config as DengluConfig).wechat?.simulator === undefined ? "baseUrl" : "simulator"
  return [
    {
      setting: sources.wechat ?? "wechat",
      says: {
        en: `names a simulated WeChat (wechat.${what}): leave that out, for WeChat itself and a real appid`,
        zh: `指定了模拟微信（wechat.${what}）：请删除该项，使用真实的微信和 appid`,
      },
    },
  ]
}
