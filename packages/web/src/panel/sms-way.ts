import type { SentSms } from "../create-login.ts"
import { element, field } from "./element.ts"
import { createSaid, submitOnce, type WayContext, type WayView } from "./way.ts"

/** @param challenge answers what the server's captcha asks for, if the page has one */
export function smsWay(context: WayContext, challenge: () => Promise<string | undefined>): WayView {
  const { login, texts, onLogin } = context
  const said = createSaid()
  const send = element("button", { type: "button", class: "beside", part: "button" }, texts.send)
  const phone = field(texts.phone, {
    type: "tel",
    name: "phone",
    autocomplete: "tel",
    inputmode: "tel",
    maxlength: "20",
    required: "",
  })
  const hint = element("p", { class: "hint" }, texts.phoneHint)
  const digits = field(
    texts.digits,
    {
      name: "code",
      autocomplete: "one-time-code",
      inputmode: "numeric",
      pattern: "[0-9]{6}",
      maxlength: "6",
      required: "",
    },
    send,
  )
  const button = element("button", { class: "main", part: "button" }, texts.logIn)
  const form = element("form", {}, phone.row, hint, digits.row, button)
  let sent: SentSms | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  button.disabled = true

  function countDown(seconds: number): void {
    clearInterval(timer)
    let left = seconds
    const show = () => {
      send.disabled = left > 0
      send.textContent = left > 0 ? texts.sendAgain(left) : texts.send
      if (left <= 0) clearInterval(timer)
      left -= 1
    }
    show()
    if (left >= 0) timer = setInterval(show, 1_000)
  }

  // Digits belong to the number they were sent to.
  phone.input.addEventListener("input", () => {
    sent = undefined
    button.disabled = true
  })
  send.addEventListener("click", () => {
    if (!phone.input.reportValidity()) return
    let wait = 0
    void submitOnce(send, said, context, async () => {
      sent = await login.sms(phone.input.value.replace(/[\s-]/g, ""), await challenge())
      wait = sent.retryIn
      said.say(texts.sent(sent.expiresIn))
      button.disabled = false
      digits.input.value = ""
      digits.input.focus()
    }).then(() => countDown(wait))
  })
  form.addEventListener("submit", event => {
    event.preventDefault()
    const { confirm } = sent ?? {}
    if (confirm === undefined) return
    void submitOnce(button, said, context, async () => {
      digits.input.setAttribute("aria-invalid", "false")
      try {
        const user = await confirm(digits.input.value)
        said.say("")
        onLogin(user)
      } catch (error) {
        digits.input.setAttribute("aria-invalid", "true")
        digits.input.select()
        throw error
      }
    })
  })
  return { content: [form, said.line], start: () => {}, stop: () => said.say("") }
}
