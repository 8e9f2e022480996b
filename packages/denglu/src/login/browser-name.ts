export type Language = "en" | "zh"

/** The first that fits counts: most browsers name those they descend from as well. */
const browsers: readonly (readonly [pattern: RegExp, name: string, zh?: string])[] = [
  [/wechatdevtools/i, "WeChat DevTools", "微信开发者工具"],
  [/MicroMessenger/i, "WeChat", "微信"],
  [/\bEdgA?(?:iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bM?QQBrowser\//, "QQ Browser", "QQ 浏览器"],
  [/\bUCBrowser\//i, "UC Browser", "UC 浏览器"],
  [/\bQuark\//, "Quark", "夸克"],
  [/\bHuaweiBrowser\//, "Huawei Browser", "华为浏览器"],
  [/\bMiuiBrowser\//, "Mi Browser", "小米浏览器"],
  [/\b(?:QIHU|360SE|360EE)\b/, "360 Browser", "360 浏览器"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*Safari\//, "Safari"],
]

const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/iPad/, "iPad"],
  [/iPhone/, "iPhone"],
  [/HarmonyOS|OpenHarmony/i, "HarmonyOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS/, "Mac"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
]

/**
 * What a person may recognise of a User-Agent: `Chrome on Windows`, `Windows 上的 Chrome`. It is a claim of whoever sent it, made for
 * people, and nothing is decided by it. `null` if it says nothing.
 */
export function browserName(userAgent: string, language: Language): string | null {
  const [, name, chinese = name] = browsers.find(([pattern]) => pattern.test(userAgent)) ?? []
  const browser = language === "zh" ? chinese : name
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  if (browser === undefined || system === undefined) return browser ?? system ?? null
  return language === "zh" ? `${system} 上的 ${browser}` : `${browser} on ${system}`
}
