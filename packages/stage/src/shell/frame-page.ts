import type { PhoneNotice } from "./phone-page.ts"

/** How many lines a list keeps. */
const most = 200

const chinese = navigator.language.startsWith("zh")
const texts: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  not: [
    "模拟的 wx，不是微信。发布前请在真机上测试。",
    "A simulated wx, not WeChat. Test on a real device before a release.",
  ],
  what: [
    "小程序源码在浏览器里运行；保存文件即刷新。",
    "A mini program's source in a browser; it reloads when you save.",
  ],
  restart: ["重新启动", "Restart"],
  clear: ["清除本地存储", "Clear storage"],
  "problems-title": ["问题", "Problems"],
  "calls-title": ["wx 调用", "Calls of wx"],
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return element
}

document.documentElement.lang = chinese ? "zh" : "en"
for (const [id, [zh, en]] of Object.entries(texts)) byId(id).textContent = chinese ? zh : en
byId("problems").dataset.empty = chinese ? "没有问题。" : "None."
byId("calls").dataset.empty = chinese ? "还没有调用。" : "None yet."

const phone = byId("phone") as HTMLIFrameElement
const restart = () => phone.contentWindow?.location.reload()
byId("restart").addEventListener("click", restart)
byId("clear").addEventListener("click", () => {
  for (const key of Object.keys(localStorage))
    if (key.startsWith("denglu-stage:")) localStorage.removeItem(key)
  restart()
})

function add(list: string, text: string, className = "", place = ""): void {
  const line = document.createElement("li")
  line.className = className
  if (place) line.append(Object.assign(document.createElement("b"), { textContent: `${place} ` }))
  line.append(text)
  const lines = byId(list)
  lines.append(line)
  while (lines.children.length > most) lines.firstElementChild?.remove()
  lines.scrollTop = lines.scrollHeight
}

window.addEventListener("message", ({ origin, source, data }: MessageEvent<PhoneNotice>) => {
  if (origin !== window.location.origin || source !== phone.contentWindow) return
  switch (data.stage) {
    case "started":
      byId("problems").replaceChildren()
      byId("calls").replaceChildren()
      for (const { level, path, line, column, message } of data.problems)
        add("problems", message, level, [path, line, column].filter(Boolean).join(":"))
      break
    case "call":
      add("calls", `wx.${data.name}`)
      break
    case "error":
    case "warning":
      add("problems", data.message, data.stage)
      break
  }
})
