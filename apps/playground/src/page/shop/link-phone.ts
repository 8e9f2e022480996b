import { type Login, LoginError } from "@denglu/web"
import { element } from "./element.ts"
import type { ShopTexts } from "./texts.ts"

interface SentSms {
  readonly sms_id: string
}

interface LinkedPhone {
  readonly national_number: string
}

/** A form that binds a phone number to the user by digits in an SMS: from then on the number is one more way in. */
export function linkPhone(login: Login, t: ShopTexts): HTMLElement {
  const phone = element("input", {
    type: "tel",
    autocomplete: "tel",
    "aria-label": t.phone,
    placeholder: t.phone,
  })
  const digits = element("input", {
    inputmode: "numeric",
    autocomplete: "one-time-code",
    maxlength: "6",
    "aria-label": t.digits,
    placeholder: t.digits,
  })
  const send = element("button", { type: "submit" }, t.send)
  const said = element("p", { class: "hint", role: "status" }, t.linkHint)
  const form = element("form", { class: "link" }, phone, send)
  let smsId: string | undefined

  const post = <Reply>(path: string, json: object) => login.request<Reply>(path, { method: "POST", json })

  function showLinked({ national_number: number }: LinkedPhone): void {
    form.remove()
    said.textContent = t.linked(`${number.slice(0, 3)}****${number.slice(-4)}`)
  }

  async function look(): Promise<void> {
    const { phone } = await login.request<{ readonly phone: LinkedPhone | null }>("/me")
    if (phone !== null) showLinked(phone)
  }

  async function askForDigits(): Promise<void> {
    const number = phone.value.replace(/[\s-]/g, "")
    smsId = (await post<SentSms>("/sms", { phone: number, purpose: "bind" })).sms_id
    form.replaceChildren(digits, send)
    send.textContent = t.link
    digits.focus()
  }

  async function confirm(id: string): Promise<void> {
    showLinked(await post<LinkedPhone>("/me/phone", { sms_id: id, code: digits.value }))
  }

  form.addEventListener("submit", event => {
    event.preventDefault()
    send.disabled = true
    ;(smsId === undefined ? askForDigits() : confirm(smsId))
      .catch((error: unknown) => {
        said.textContent = error instanceof LoginError ? error.message : t.failed
      })
      .finally(() => {
        send.disabled = false
      })
  })
  // If that can't be found out, there is the form.
  look().catch(() => {})
  return element("section", {}, element("h2", {}, t.linkTitle), form, said)
}
