const devices: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/wechatdevtools/i, "DevTools"],
  [/iPad/, "iPad"],
  [/iPhone/, "iPhone"],
  [/HarmonyOS|OpenHarmony/i, "HarmonyOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS/, "Mac"],
  [/Linux/, "Linux"],
]

/** What a session was opened on, out of its User-Agent; `undefined` if that says nothing. */
export function deviceName(userAgent: string): string | undefined {
  return devices.find(([pattern]) => pattern.test(userAgent))?.[1]
}
