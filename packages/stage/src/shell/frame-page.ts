import type { Excerpt } from "../program.ts"
import { frameTexts } from "./frame-texts.ts"
import type { PhoneNotice } from "./phone-notice.ts"

/** How many lines a list keeps. */
const most = 300

const chinese = navigator.language.startsWith("zh")
const say = ([zh, en]: readonly [zh: string, en: string]) => (chinese ? zh : en)

function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return element
}

document.documentElement.lang = chinese ? "zh" : "en"
for (const [id, text] of Object.entries(frameTexts.parts)) byId(id).textContent = say(text)
byId("problems").dataset.empty = say(frameTexts.noProblems)
byId("calls").dataset.empty = say(frameTexts.noCalls)

const phone = byId("phone") as HTMLIFrameElement
const pages = byId("pages") as HTMLSelectElement
let startedAt = performance.now()

function restart(): void {
  phone.contentWindow?.location.reload()
}

byId("restart").addEventListener("click", restart)
byId("clear").addEventListener("click", () => {
  for (const key of Object.keys(localStorage))
    if (key.startsWith("denglu-stage:")) localStorage.removeItem(key)
  restart()
})
pages.addEventListener("change", () => {
  if (phone.contentWindow === null) return
  phone.contentWindow.location.hash = pages.value
  restart()
})

function element(tag: string, text: string, className = ""): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: text, className })
}

function add(list: "problems" | "calls", line: HTMLElement): void {
  const lines = byId(list)
  lines.append(line)
  while (lines.children.length > most) lines.firstElementChild?.remove()
  lines.scrollTop = list === "calls" ? lines.scrollHeight : 0
  count(list)
}

function count(list: "problems" | "calls"): void {
  const lines = byId(list)
  const badge = byId(`${list}-count`)
  const { length } = lines.children
  badge.textContent = length === 0 ? "" : String(length)
  badge.className = lines.querySelector(".error") === null ? "" : "bad"
}

function addProblem(level: string, message: string, place = "", excerpt?: Excerpt): void {
  const line = element("li", "", level)
  if (place) line.append(element("b", place), " ")
  line.append(message)
  if (excerpt !== undefined) line.append(drawExcerpt(excerpt))
  add("problems", line)
}

/** The line of the source, with the place marked. */
function drawExcerpt({ before, after }: Excerpt): HTMLElement {
  const [marked = " "] = /^(\w+|.)/.exec(after) ?? []
  const pre = element("pre", before)
  pre.append(element("mark", marked), after.slice(marked.length))
  return pre
}

let last: { readonly name: string; readonly line: HTMLElement; times: number } | undefined

/** The same call again and again is one line. */
function addCall(name: string): void {
  if (last?.name === name) {
    last.times += 1
    const times = last.line.querySelector("i") ?? last.line.appendChild(element("i", ""))
    times.textContent = `× ${last.times}`
    return
  }
  const line = element("li", "")
  const ms = Math.round(performance.now() - startedAt)
  line.append(element("time", ms < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`), `wx.${name}`)
  last = { name, line, times: 1 }
  add("calls", line)
}

function start({ pages: paths, owner, problems }: Extract<PhoneNotice, { stage: "started" }>): void {
  startedAt = performance.now()
  last = undefined
  for (const list of ["problems", "calls"] as const) {
    byId(list).replaceChildren()
    count(list)
  }
  byId("page").textContent = "…"
  byId("owner").textContent = owner
  pages.replaceChildren(...paths.map(path => element("option", path)))
  pages.value =
    phone.contentWindow?.location.hash.replace(/^#(?:\d{4}:)?/, "").split("?")[0] || (paths[0] ?? "")
  for (const { level, path, line, column, message, excerpt } of problems)
    addProblem(level, message, [path, line, column].filter(Boolean).join(":"), excerpt)
}

window.addEventListener("message", ({ origin, source, data }: MessageEvent<PhoneNotice>) => {
  if (origin !== window.location.origin || source !== phone.contentWindow) return
  switch (data.stage) {
    case "started":
      start(data)
      break
    case "page":
      byId("page").textContent = data.stack.join(" › ")
      break
    case "call":
      addCall(data.name)
      break
    case "error":
    case "warning":
      addProblem(data.stage, data.message, data.place)
      break
  }
})
