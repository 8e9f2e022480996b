import type { LoginError } from "../login-error.ts"
import type { Scan } from "../scan.ts"
import { element } from "./element.ts"
import { createSaid, type WayContext, type WayView, wordsFor } from "./way.ts"

export function scanWay({ login, texts, onLogin, onError }: WayContext): WayView {
  const words = texts.scan
  const said = createSaid()
  const picture = element("img", { alt: words.image, part: "code", width: "184", height: "184" })
  const why = element("span", {}, words.loading)
  const again = element("button", { type: "button" }, words.again)
  const over = element("div", { class: "over" }, why, again)
  const code = element("div", { class: "code", "data-off": "" }, picture, over)
  const number = element("strong", { class: "number", part: "number" })
  const waiting = element("p", {}, words.waiting)
  const numberHint = element("p", { class: "hint" }, words.number)
  const steps = element("div", { class: "steps", hidden: "" }, waiting, numberHint, number)
  let scan: Scan | undefined

  /** Lays a text over the code, which is of no use any more, or not yet. */
  function cover(text: string, offerAgain: boolean): void {
    why.textContent = text
    again.hidden = !offerAgain
    over.hidden = false
    code.dataset.off = ""
  }

  function start(): void {
    scan?.cancel()
    cover(words.loading, false)
    steps.hidden = true
    let denied = false
    const mine = login.scan({
      onCode(shown) {
        picture.src = shown.image
        number.textContent = shown.number
        over.hidden = true
        delete code.dataset.off
        steps.hidden = false
        waiting.textContent = words.waiting
      },
      onStatus(status) {
        if (status === "opened") waiting.textContent = words.opened
        if (status === "confirmed") cover(words.confirmed, false)
        denied = status === "denied"
        said.say(status === "opened" ? words.opened : "")
      },
    })
    scan = mine
    mine.done.then(
      user => {
        if (scan === mine) onLogin(user)
      },
      (error: LoginError) => {
        if (scan !== mine) return
        steps.hidden = true
        cover(denied ? words.denied : error.code === "timeout" ? words.timeout : wordsFor(error, texts), true)
        said.say(why.textContent ?? "")
        onError(error)
      },
    )
  }

  again.addEventListener("click", start)
  return {
    content: [code, steps, element("div", { class: "visually-hidden" }, said.line)],
    start,
    stop() {
      const leaving = scan
      scan = undefined
      leaving?.cancel()
    },
  }
}
