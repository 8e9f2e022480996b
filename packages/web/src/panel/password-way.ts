import type { WaysReply } from "../wire.ts"
import { element, field } from "./element.ts"
import { createSaid, submitOnce, type WayContext, type WayView } from "./way.ts"

/** What the server says of itself; `undefined` if it can't be found out, or was not asked. */
export type Offer = Promise<WaysReply | undefined>

/** @param offer says whether people may make accounts here: the form is for both then */
export function passwordWay(context: WayContext, offer?: Offer): WayView {
  const { login, texts, onLogin } = context
  const said = createSaid()
  const look = element("button", { type: "button", class: "beside", "aria-pressed": "false" }, texts.show)
  const account = field(texts.account, {
    name: "username",
    autocomplete: "username",
    maxlength: "128",
    required: "",
    autocapitalize: "off",
    spellcheck: "false",
  })
  const password = field(
    texts.password,
    { type: "password", name: "password", autocomplete: "current-password", maxlength: "128", required: "" },
    look,
  )
  const button = element("button", { class: "main", part: "button" }, texts.logIn)
  const hint = element("p", { class: "hint", hidden: "" }, texts.newPassword)
  const form = element("form", {}, account.row, password.row, hint, button)
  const other = element("button", { type: "button", class: "beside switch", hidden: "" }, texts.toRegister)
  let registers = false
  void offer?.then(server => {
    other.hidden = !server?.registration
  })
  other.addEventListener("click", () => {
    if (button.disabled) return
    registers = !registers
    account.label.textContent = registers ? texts.newAccount : texts.account
    password.input.autocomplete = registers ? "new-password" : "current-password"
    hint.hidden = !registers
    button.textContent = registers ? texts.register : texts.logIn
    other.textContent = registers ? texts.toLogIn : texts.toRegister
    password.input.setAttribute("aria-invalid", "false")
    said.say("")
    account.input.focus()
  })
  look.addEventListener("click", () => {
    const shown = password.input.type === "text"
    password.input.type = shown ? "password" : "text"
    look.textContent = shown ? texts.show : texts.hide
    look.setAttribute("aria-pressed", String(!shown))
  })
  form.addEventListener("submit", event => {
    event.preventDefault()
    void submitOnce(button, said, context, async () => {
      password.input.setAttribute("aria-invalid", "false")
      try {
        const user = await login[registers ? "register" : "password"](
          account.input.value.trim(),
          password.input.value,
        )
        password.input.value = ""
        said.say("")
        onLogin(user)
      } catch (error) {
        password.input.setAttribute("aria-invalid", "true")
        password.input.select()
        throw error
      }
    })
  })
  return { content: [form, other, said.line], start: () => {}, stop: () => said.say("") }
}
