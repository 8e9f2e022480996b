import type { CompileProblem, Program } from "../program.ts"
import { navHeight } from "../runtime/chrome/chrome-style.ts"
import { startPhone } from "../runtime/index.ts"
import { type Mistake, showMistakes } from "./mistakes.ts"
import { backendOf } from "./phone-backend.ts"
import type { PhoneNotice } from "./phone-notice.ts"
import { relayedFetch } from "./relayed-fetch.ts"
import { relayedSocket } from "./relayed-socket.ts"

/** What the server says the phone is. */
interface Setting {
  readonly program: Program
  /** Whose phone it is: each has a storage of its own. */
  readonly owner: string
}

/** What the compiler found: not to be told again when the page comes to it. */
let known: readonly Mistake[] = []

function tell(notice: PhoneNotice): void {
  if (window.parent !== window) window.parent.postMessage(notice, window.location.origin)
}

/** Runs in the phone's own document: gets the mini program from the server and starts it. */
async function main(): Promise<void> {
  new EventSource("events").addEventListener("reload", () => window.location.reload())
  const response = await fetch("setting.json")
  if (!response.ok) throw new Error(await response.text())
  const { program, owner } = (await response.json()) as Setting
  const { pages } = program.app
  tell({ stage: "started", problems: program.problems, pages, owner })
  known = program.problems.filter(({ level }) => level === "error").map(mistakeOf)
  showMistakes(known)
  // Nothing to start: what is wrong with app.json is on the page.
  if (pages.length === 0) return
  const { url = program.app.entryPage, scene } = openedBy(window.location.hash.slice(1))
  const key = `denglu-stage:${owner}:storage`
  const phone = startPhone({
    program,
    wx: {
      ...backendOf("backend"),
      fetch: relayedFetch("relay", warn),
      openSocket: relayedSocket("socket"),
      storage: {
        load: () => window.localStorage.getItem(key),
        save: text => window.localStorage.setItem(key, text),
      },
      // Every start is that of a person who has not been asked yet.
      privacy: program.app.rest.__usePrivacyCheck__ === true ? "needed" : "agreed",
      language: navigator.language.startsWith("zh") ? "zh_CN" : "en",
      windowWidth: window.innerWidth,
      windowHeight: window.innerHeight - navHeight,
      screenHeight: window.innerHeight,
    },
    url,
    ...(scene !== undefined && { scene }),
    onError: report,
    onWarning: warn,
    onCall: ({ name }) => tell({ stage: "call", name }),
    onPage: stack => tell({ stage: "page", stack }),
  })
  document.addEventListener("visibilitychange", () => (document.hidden ? phone.hide() : phone.show()))
}

/** What the address says: `pages/scan/scan?scene=x`, and with `1047:` before it that the camera opened it. */
function openedBy(hash: string): { readonly url?: string; readonly scene?: number } {
  const [, scene, url = ""] = /^(?:(\d{4}):)?(.*)$/s.exec(hash) ?? []
  return { ...(url !== "" && { url }), ...(scene !== undefined && { scene: Number(scene) }) }
}

function warn(message: string): void {
  tell({ stage: "warning", message })
}

/** As WeChat's tools do: in the console, and where it can't be overlooked. */
function report(error: unknown): void {
  console.error(error)
  const message =
    error instanceof Error ? error.message : String((error as { errMsg?: unknown })?.errMsg ?? error)
  if (known.some(mistake => message === `${mistake.message} (${mistake.place})`)) return
  const place = placeOf(error)
  tell({ stage: "error", message, place })
  showMistakes([{ place, message }])
}

function mistakeOf({ path, line, column, message, excerpt }: CompileProblem): Mistake {
  const place = [path, line, column].filter(Boolean).join(":")
  return { place, message, ...(excerpt !== undefined && { excerpt }) }
}

/** Where in the mini program it was thrown. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  return /miniprogram:\/\/\/([^\s)]+)/.exec(stack)?.[1] ?? ""
}

main().catch(report)
