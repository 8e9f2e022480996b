import { builtin, type Part } from "./builtin.ts"
import { navigation } from "./navigation.ts"
import { pressable } from "./pressable.ts"

export const navigator = builtin("navigator", {
  properties: {
    target: { type: String, value: "self" },
    url: { type: String },
    openType: { type: String, value: "navigate" },
    delta: { type: Number, value: 1 },
    appId: { type: String },
    path: { type: String },
    extraData: { type: null },
    version: { type: String, value: "release" },
    shortLink: { type: String },
    hoverClass: { type: String, value: "navigator-hover" },
  },
  setup(part) {
    pressable(part, "link", () => {
      if (part.get("target") === "miniProgram") elsewhere(part)
      else within(part)
    })
  },
})

/** Functions of `wx` by `open-type`. */
const apis: Readonly<Record<string, string>> = {
  navigate: "navigateTo",
  redirect: "redirectTo",
  switchTab: "switchTab",
  reLaunch: "reLaunch",
  navigateBack: "navigateBack",
  exit: "exitMiniProgram",
}

function within(part: Part): void {
  const openType = part.get<string>("openType")
  const api = apis[openType] ?? "navigateTo"
  if (api === "exitMiniProgram") navigation.go(api, {})
  else navigation.go(api, api === "navigateBack" ? { delta: part.get("delta") } : { url: part.get("url") })
}

function elsewhere(part: Part): void {
  const api = part.get("openType") === "exit" ? "exitMiniProgram" : "navigateToMiniProgram"
  navigation.go(api, {
    appId: part.get("appId"),
    path: part.get("path"),
    extraData: part.get("extraData") ?? {},
    envVersion: part.get("version"),
    shortLink: part.get("shortLink"),
    success: () => part.trigger("success", {}),
    fail: ({ errMsg }: { errMsg: string }) => part.trigger("fail", { errMsg }),
    complete: () => part.trigger("complete", {}),
  })
}

export const navigatorStyle = `
wx-navigator { display: block; cursor: pointer; }
wx-navigator.navigator-hover { background: rgba(0, 0, 0, .1); opacity: .7; }
`
